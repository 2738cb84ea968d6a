import type { ExecutionResult } from "graphql";
import type { ExecuteEvent } from "./quick/quick-events.ts";

/** So many events at most are read together. */
const MOST = 100;
/** What is made before it is wanted is of about this many characters. */
const MOST_CHARACTERS = 64 * 1024;

/** The events that come next, as far as the source has them already. */
export type Upcoming = (most: number) => readonly unknown[];

/**
 * Executes a subscription's events in order, and where one has to read something, those that come after it as well:
 * what a hundred events of a replay point to is then read by a few statements (the loaders put them together) instead of
 * by a hundred. How many that are grows from two on, and is held by how large the results are, because they wait in memory.
 *
 * It only makes results before they are wanted. The source still says which event comes, and whether any does.
 */
export class ReadAhead {
  readonly #execute: ExecuteEvent;
  readonly #upcoming: Upcoming;
  readonly #begun = new Map<unknown, ReturnType<ExecuteEvent>>();
  #most = 1;

  constructor(execute: ExecuteEvent, upcoming: Upcoming) {
    this.#execute = execute;
    this.#upcoming = upcoming;
  }

  /** What comes of an event. */
  read(event: unknown): ReturnType<ExecuteEvent> {
    const begun = this.#begun.get(event);
    if (begun !== undefined) {
      this.#begun.delete(event);
      return begun;
    }
    const result = this.#execute(event);
    // What nobody has to wait for gains nothing.
    if (!(result instanceof Promise) || this.#begun.size > 0) return result;
    for (const next of this.#upcoming(this.#most)) this.#begun.set(next, this.#execute(next));
    return result.then((settled) => {
      this.#most = this.#mostAfter(settled);
      return settled;
    });
  }

  #mostAfter(result: ExecutionResult): number {
    const fitting = Math.floor(MOST_CHARACTERS / JSON.stringify(result).length);
    return Math.min(MOST, 2 * this.#most, Math.max(1, fitting));
  }
}
