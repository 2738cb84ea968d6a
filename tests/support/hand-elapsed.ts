import type { ElapsedTimer } from "../../src/jobs/elapsed-timer.ts";

/** Elapsed time that passes only when the test says so. */
export class HandElapsed implements ElapsedTimer {
  #now = 0;
  #due: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const entry = { at: this.#now + milliseconds, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#due.length;
  }

  /** Milliseconds until the next alarm, null when none is set. */
  get next(): number | null {
    return this.#due.length === 0 ? null : Math.min(...this.#due.map(({ at }) => at)) - this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#due.filter(({ at }) => at <= this.#now);
    this.#due = this.#due.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
  }
}
