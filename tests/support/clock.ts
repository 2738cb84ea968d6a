import type { Clock } from "../../src/domain/clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A clock that stands still until the test moves it. */
export class TestClock implements Clock {
  #now = Date.parse("2026-01-05T09:00:00.000Z");

  now(): Date {
    return new Date(this.#now);
  }

  /** Negative: the clock jumps back. */
  advanceSeconds(seconds: number): void {
    this.#now += seconds * 1_000;
  }

  advanceDays(days: number): void {
    this.#now += days * DAY_MS;
  }
}
