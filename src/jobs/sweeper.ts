import type { Clock } from "../domain/clock.ts";
import type { DueRow } from "../domain/due.ts";
import { type ElapsedTimer, systemElapsed } from "./elapsed-timer.ts";
import type { JobLog } from "./job-log.ts";
import type { Sweep } from "./sweep.ts";

export interface SweeperOptions {
  readonly sweeps: readonly Sweep[];
  readonly clock: Clock;
  /** Tells that something has happened, and that something may have. */
  readonly wakeups: { listen(listener: { onWakeup(): void; onResync(): void }): () => void };
  readonly log: JobLog;
  /** Called after each look. */
  readonly onFinished: (sweep: string, outcome: "completed" | "failed") => void;
  readonly timer?: ElapsedTimer;
}

export interface Sweeper {
  /** Looks at once, and from then on whenever something is due. */
  start(): void;
  /** Starts no further look. Resolves when those that run have ended. */
  stop(): Promise<void>;
}

/** Rows of one sweep whose ends a process keeps in mind. Those after them are read when their turn comes. */
export const WATCHED_ROWS = 100;
/** From a wake-up to the next reading, so that a busy server reads twice a second at most. */
export const READ_AGAIN_MS = 500;
/** After a look that failed, or that left a row which is due. */
export const RETRY_MS = 5_000;

/**
 * Runs each sweep when its next row is due, and at the latest after its interval, by elapsed time. Wake-ups tell of new rows,
 * so nothing is read while nothing happens. A clock that is set back stops no sweep, and does not postpone the rows that are
 * watched; one that is set forward is noticed by the next look.
 */
export function createSweeper({ sweeps, wakeups, ...options }: SweeperOptions): Sweeper {
  const loops = sweeps.map((sweep) => new SweepLoop(sweep, options));
  let stopListening = () => {};
  return {
    start() {
      const readAgain = () => {
        for (const loop of loops) loop.readSoon();
      };
      stopListening = wakeups.listen({ onWakeup: readAgain, onResync: readAgain });
      for (const loop of loops) loop.start();
    },
    async stop() {
      stopListening();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

interface WatchedRow extends DueRow {
  /** When it is due, in the timer's milliseconds. */
  readonly at: number;
}

class SweepLoop {
  readonly #sweep: Sweep;
  readonly #options: Omit<SweeperOptions, "sweeps" | "wakeups">;
  readonly #timer: ElapsedTimer;
  #watched = new Map<string, WatchedRow>();
  /** Rows that were due by then have been dealt with. */
  #lookedAt = new Date(0);
  #nextLook = 0;
  #nextRead = Number.POSITIVE_INFINITY;
  #running: Promise<void> | null = null;
  #cancel = () => {};
  #isStopped = false;
  #isFailing = false;

  constructor(sweep: Sweep, options: Omit<SweeperOptions, "sweeps" | "wakeups">) {
    this.#sweep = sweep;
    this.#options = options;
    this.#timer = options.timer ?? systemElapsed;
  }

  start(): void {
    this.#nextLook = this.#timer.now();
    this.#arm();
  }

  /** Reads which rows are due next, soon: many wake-ups make one reading. */
  readSoon(): void {
    if (!this.#sweep.upcoming || this.#nextRead !== Number.POSITIVE_INFINITY) return;
    this.#nextRead = this.#timer.now() + READ_AGAIN_MS;
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }

  #arm(): void {
    this.#cancel();
    if (this.#isStopped || this.#running) return;
    const due = Math.min(this.#nextLook, this.#nextRead, ...[...this.#watched.values()].map(({ at }) => at));
    this.#cancel = this.#timer.after(Math.max(0, due - this.#timer.now()), () => {
      this.#running = this.#turn().finally(() => {
        this.#running = null;
        this.#arm();
      });
    });
  }

  async #turn(): Promise<void> {
    const { log, onFinished } = this.#options;
    const { name } = this.#sweep;
    const now = this.#timer.now();
    const due = [...this.#watched.values()].filter(({ at }) => at <= now);
    const looks = due.length > 0 || this.#nextLook <= now;
    this.#nextRead = Number.POSITIVE_INFINITY;
    try {
      if (looks) await this.#look(due);
      await this.#watch(due);
      if (looks) onFinished(name, "completed");
      this.#isFailing = false;
    } catch (err) {
      onFinished(name, "failed");
      if (!this.#isFailing) log.error({ err, sweep: name }, "a sweep failed: it is tried again");
      this.#isFailing = true;
      this.#nextLook = this.#timer.now() + RETRY_MS;
      this.#watched.clear();
    }
  }

  async #look(due: readonly DueRow[]): Promise<void> {
    const lookedAt = this.#options.clock.now();
    this.#nextLook = this.#timer.now() + this.#sweep.everySeconds * 1_000;
    const found = await this.#sweep.look(due.filter(({ dueAt }) => dueAt > lookedAt));
    this.#lookedAt = lookedAt;
    if (found > 0) this.#sweep.tell(found);
  }

  /** Keeps the moment that a row was given when it was first seen, whatever the clock says since. */
  async #watch(tried: readonly DueRow[]): Promise<void> {
    const { clock } = this.#options;
    const after = new Date(Math.min(this.#lookedAt.getTime(), clock.now().getTime()));
    const rows = (await this.#sweep.upcoming?.(after, WATCHED_ROWS)) ?? [];
    const [now, time] = [this.#timer.now(), clock.now().getTime()];
    const left = new Set(tried.map(keyOf));
    this.#watched = new Map(
      rows.map((row) => {
        const key = keyOf(row);
        const at = this.#watched.get(key)?.at ?? now + Math.max(0, row.dueAt.getTime() - time);
        return [key, { ...row, at: left.has(key) ? now + RETRY_MS : at }];
      }),
    );
  }
}

function keyOf({ id, dueAt }: DueRow): string {
  return `${id} ${dueAt.getTime()}`;
}
