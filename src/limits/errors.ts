import type { RateVerdict } from "./rate-limit.ts";

/** Too many requests in too short a time: HTTP 429. The message is safe to show. */
export class RateLimitedError extends Error {
  override readonly name = "RateLimitedError";
  readonly verdict: RateVerdict;

  constructor(verdict: RateVerdict) {
    super(messageOf(verdict));
    this.verdict = verdict;
  }
}

function messageOf({ cost, limit, windowSeconds, remaining, resetSeconds }: RateVerdict): string {
  const after = `Try again in ${resetSeconds} seconds.`;
  if (cost === 1) return `At most ${limit} requests in ${windowSeconds} seconds. ${after}`;
  const costs = `This request costs ${cost} units`;
  if (cost > limit)
    return `${costs}; at most ${limit} in ${windowSeconds} seconds are allowed. Ask for less at once.`;
  return `${costs}, and ${remaining} of the ${limit} in ${windowSeconds} seconds are left. ${after}`;
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
