import type { Timer } from "../../src/server/timer.ts";

/** A timer that the test winds. */
export class HandTimer implements Timer {
  readonly #due: { when: Date; run: () => void }[] = [];

  at(when: Date, run: () => void): () => void {
    const entry = { when, run };
    this.#due.push(entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    };
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#due.length;
  }

  windTo(now: Date): void {
    const due = this.#due.filter(({ when }) => when <= now);
    for (const entry of due) this.#due.splice(this.#due.indexOf(entry), 1);
    for (const { run } of due) run();
  }
}
