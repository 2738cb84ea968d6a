import type { RateVerdict } from "./rate-limit.ts";

/** Too many requests in too short a time: HTTP 429. The message is safe to show. */
export class RateLimitedError extends Error {
  override readonly name = "RateLimitedError";
  readonly verdict: RateVerdict;

  constructor(verdict: RateVerdict) {
    const { limit, windowSeconds, resetSeconds } = verdict;
    super(`At most ${limit} requests in ${windowSeconds} seconds. Try again in ${resetSeconds} seconds.`);
    this.verdict = verdict;
  }
}

/** The user has as many subscriptions open as there may be. The message is safe to show. */
export class TooManySubscriptionsError extends Error {
  override readonly name = "TooManySubscriptionsError";
  readonly limit: number;

  constructor(limit: number) {
    super(`A user may have ${limit} subscriptions open at once, over all connections. Close one first.`);
    this.limit = limit;
  }
}
