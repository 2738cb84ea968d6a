import type { IncomingMessage } from "node:http";
import { AuthenticationError } from "../auth/errors.ts";
import { addressKey, principalOf } from "../auth/principal.ts";
import type { Viewer } from "../auth/viewer.ts";
import { RateLimitedError } from "../limits/errors.ts";
import type { RateLimit, RateVerdict } from "../limits/rate-limit.ts";
import type { SubscriptionSlots } from "../limits/subscription-slots.ts";
import { remoteAddress } from "./remote-address.ts";

/** The limits that hold over all connections of a user, and over all nodes. What is absent is not limited. */
export interface SharedLimits {
  /** Operations and exports by who asks, in units: see `unitsOf`. */
  readonly requests?: RateLimit;
  /** Requests and sockets that prove nobody, by where they come from. */
  readonly failures?: RateLimit;
  readonly subscriptions?: SubscriptionSlots;
  /** How many proxies of one's own stand before the server. */
  readonly trustedProxies?: number;
}

/** Applies the limits to what arrives. */
export class RequestLimits {
  readonly #limits: SharedLimits;

  constructor(limits: SharedLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a request as it comes: an operation with one unit, since what it costs is not known yet.
   *
   * @param units how many it costs, where that is known
   * @returns what is left, null where there is no limit
   * @throws RateLimitedError
   */
  async count(viewer: Viewer, units = 1): Promise<RateVerdict | null> {
    const verdict = await this.#limits.requests?.take(principalOf(viewer), units);
    if (verdict && !verdict.allowed) throw new RateLimitedError(verdict);
    return verdict ?? null;
  }

  /**
   * Counts the rest of a counted operation's units. An operation that is refused has cost the one that it was counted with.
   *
   * @param units all that the operation costs
   * @returns what is left, null where there is no limit
   * @throws RateLimitedError
   */
  async countRest(viewer: Viewer, units: number): Promise<RateVerdict | null> {
    const verdict = await this.#limits.requests?.take(principalOf(viewer), units - 1);
    // A client compares what its operation costs with what is left for the next one.
    if (verdict && !verdict.allowed) throw new RateLimitedError({ ...verdict, cost: units });
    return verdict ?? null;
  }

  /**
   * Does what finds out who asks, and counts when that fails. Only failures are refused, so those who share an address
   * with an attacker (a proxy's, an office's) and prove themselves notice nothing.
   * @throws RateLimitedError instead of the AuthenticationError once there were too many from that address
   */
  async authenticate(request: IncomingMessage, prove: () => Promise<Viewer>): Promise<Viewer> {
    try {
      return await prove();
    } catch (error) {
      if (error instanceof AuthenticationError) await this.#countFailure(request);
      throw error;
    }
  }

  /**
   * Counts one more open subscription.
   * @returns what gives it back
   * @throws TooManySubscriptionsError
   */
  async openSubscription({ userId }: Viewer): Promise<() => void> {
    return (await this.#limits.subscriptions?.open(userId)) ?? (() => {});
  }

  async #countFailure(request: IncomingMessage): Promise<void> {
    const { failures, trustedProxies = 0 } = this.#limits;
    const verdict = await failures?.take(addressKey(remoteAddress(request, trustedProxies)));
    if (verdict && !verdict.allowed) throw new RateLimitedError(verdict);
  }
}

/**
 * The header fields of the HTTP working group's draft on rate limits (draft-ietf-httpapi-ratelimit-headers): the policy,
 * and what is left of it.
 */
export function rateLimitHeaders(verdict: RateVerdict): Record<string, string> {
  const { limit, windowSeconds, remaining, resetSeconds } = verdict;
  return {
    "RateLimit-Policy": `"requests";q=${limit};w=${windowSeconds}`,
    RateLimit: `"requests";r=${remaining};t=${resetSeconds}`,
  };
}
