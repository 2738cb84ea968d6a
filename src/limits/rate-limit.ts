import { BoundedCache } from "../bounded-cache.ts";
import type { TokenStore } from "./token-store.ts";

/** What a limit says of one request. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** How many tokens were asked for. */
  readonly cost: number;
  /** How many tokens a window has. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** How many are left in this window, as far as this process knows. */
  readonly remaining: number;
  /** Until the window ends, 1 or more. */
  readonly resetSeconds: number;
}

export interface RateLimitOptions {
  readonly store: TokenStore;
  /** Tokens per window and key. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** How many tokens are taken from the store at a time, or more for a request that costs more. Default: a hundredth of the limit. */
  readonly blockSize?: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  /** Maximum number of keys of which this process holds tokens. Default: 50,000. */
  readonly knownKeys?: number;
}

/** What this process holds of a key's tokens in the current window. */
interface Block {
  left: number;
  /** What the store had left when it was asked last. */
  inStore: number;
  endsAt: number;
  fetching: Promise<void> | null;
}

const MIN_WINDOW_MS = 50;
/** More keys than are active in a minute. One that is forgotten loses what was left of its block. */
const KNOWN_KEYS = 50_000;

/**
 * At most so many tokens per key in each window, counted over all processes that share the store.
 *
 * Tokens come from the store in blocks, so that most requests cost nothing. No window gives out more tokens than the
 * limit; what other processes hold and do not use is refused too early, at the most a block less one for each of them, or
 * the tokens that a refused request of theirs has fetched.
 */
export class RateLimit {
  readonly #store: TokenStore;
  readonly #limit: number;
  readonly #windowSeconds: number;
  readonly #blockSize: number;
  readonly #now: () => number;
  readonly #blocks: BoundedCache<string, Block>;

  constructor(options: RateLimitOptions) {
    const { store, limit, windowSeconds, blockSize, now = () => performance.now() } = options;
    this.#blocks = new BoundedCache({ capacity: options.knownKeys ?? KNOWN_KEYS });
    this.#store = store;
    this.#limit = limit;
    this.#windowSeconds = windowSeconds;
    this.#blockSize = blockSize ?? Math.max(1, Math.floor(limit / 100));
    this.#now = now;
  }

  /**
   * Takes tokens, all or none. Never fails. Answers at once where this process has as many, or knows that there are not.
   *
   * @param cost how many, 1 or more
   */
  take(key: string, cost = 1): RateVerdict | Promise<RateVerdict> {
    return this.#tryTake(key, cost) ?? this.#fetchAndTake(key, cost);
  }

  #tryTake(key: string, cost: number): RateVerdict | null {
    const block = this.#blocks.get(key);
    if (!block || this.#now() >= block.endsAt) return null;
    if (block.left >= cost) {
      block.left -= cost;
      return this.#verdict(block, cost, true);
    }
    return block.left + block.inStore >= cost ? null : this.#verdict(block, cost, false);
  }

  async #fetchAndTake(key: string, cost: number): Promise<RateVerdict> {
    for (;;) {
      await this.#fetch(key, cost);
      // Others waited for the same block, and may have emptied it.
      const verdict = this.#tryTake(key, cost);
      if (verdict) return verdict;
    }
  }

  #fetch(key: string, cost: number): Promise<void> {
    let block = this.#blocks.get(key);
    if (!block) {
      block = { left: 0, inStore: 0, endsAt: 0, fetching: null };
      this.#blocks.set(key, block);
    }
    block.fetching ??= this.#fill(key, block, cost);
    return block.fetching;
  }

  async #fill(key: string, block: Block, cost: number): Promise<void> {
    try {
      // A window that has ended leaves nothing to the next.
      if (this.#now() >= block.endsAt) block.left = 0;
      // More than a window has can never be taken: one token shows what is left of it.
      const missing = cost > this.#limit ? 1 : cost - block.left;
      const wanted = Math.max(this.#blockSize, missing);
      const { consumed, msBeforeNext } = await this.#store.consume(key, wanted);
      // What has ended on arrival could not be taken from, and would be fetched again and again.
      const endsAt = this.#now() + Math.max(msBeforeNext, MIN_WINDOW_MS);
      // The store's window may have ended a little before it was thought to.
      if (endsAt - block.endsAt > this.#windowSeconds * 500) block.left = 0;
      block.left += Math.max(0, Math.min(consumed, this.#limit) - (consumed - wanted));
      block.inStore = Math.max(0, this.#limit - consumed);
      block.endsAt = endsAt;
    } finally {
      block.fetching = null;
    }
  }

  #verdict(block: Block, cost: number, allowed: boolean): RateVerdict {
    return {
      allowed,
      cost,
      limit: this.#limit,
      windowSeconds: this.#windowSeconds,
      remaining: block.left + block.inStore,
      resetSeconds: Math.max(1, Math.ceil((block.endsAt - this.#now()) / 1000)),
    };
  }
}
