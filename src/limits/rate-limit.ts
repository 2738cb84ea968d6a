import { LruMap } from "../auth/lru-map.ts";
import type { TokenStore } from "./token-store.ts";

/** What a limit says of one request. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** How many requests a window has room for. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** How many are left in this window, as far as this process knows. */
  readonly remaining: number;
  /** Until the window ends, 1 or more. */
  readonly resetSeconds: number;
}

export interface RateLimitOptions {
  readonly store: TokenStore;
  /** Requests per window and key. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** How many tokens are taken from the store at a time; a hundredth of the limit unless given. */
  readonly blockSize?: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
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
 * At most so many requests per key in each window, counted over all processes that share the store.
 *
 * Tokens come from the store in blocks, so that most requests cost nothing. No window gives out more tokens than the
 * limit; what other processes hold and do not use is refused too early, at the most a block less one for each of them.
 */
export class RateLimit {
  readonly #store: TokenStore;
  readonly #limit: number;
  readonly #windowSeconds: number;
  readonly #blockSize: number;
  readonly #now: () => number;
  readonly #blocks = new LruMap<string, Block>(KNOWN_KEYS);

  constructor({ store, limit, windowSeconds, blockSize, now = () => performance.now() }: RateLimitOptions) {
    this.#store = store;
    this.#limit = limit;
    this.#windowSeconds = windowSeconds;
    this.#blockSize = blockSize ?? Math.max(1, Math.floor(limit / 100));
    this.#now = now;
  }

  /** Takes one token. Never fails. Answers at once where this process has one, or knows that there is none. */
  take(key: string): RateVerdict | Promise<RateVerdict> {
    return this.#tryTake(key) ?? this.#fetchAndTake(key);
  }

  #tryTake(key: string): RateVerdict | null {
    const block = this.#blocks.get(key);
    if (!block || this.#now() >= block.endsAt) return null;
    if (block.left > 0) {
      block.left -= 1;
      return this.#verdict(block, true);
    }
    return block.inStore > 0 ? null : this.#verdict(block, false);
  }

  async #fetchAndTake(key: string): Promise<RateVerdict> {
    for (;;) {
      await this.#fetch(key);
      // Others waited for the same block, and may have emptied it.
      const verdict = this.#tryTake(key);
      if (verdict) return verdict;
    }
  }

  #fetch(key: string): Promise<void> {
    let block = this.#blocks.get(key);
    if (!block) {
      block = { left: 0, inStore: 0, endsAt: 0, fetching: null };
      this.#blocks.set(key, block);
    }
    block.fetching ??= this.#fill(key, block);
    return block.fetching;
  }

  async #fill(key: string, block: Block): Promise<void> {
    try {
      const { consumed, msBeforeNext } = await this.#store.consume(key, this.#blockSize);
      const before = consumed - this.#blockSize;
      block.left = Math.max(0, Math.min(consumed, this.#limit) - before);
      block.inStore = Math.max(0, this.#limit - consumed);
      // What has ended on arrival could not be taken from, and would be fetched again and again.
      block.endsAt = this.#now() + Math.max(msBeforeNext, MIN_WINDOW_MS);
    } finally {
      block.fetching = null;
    }
  }

  #verdict(block: Block, allowed: boolean): RateVerdict {
    return {
      allowed,
      limit: this.#limit,
      windowSeconds: this.#windowSeconds,
      remaining: block.left + block.inStore,
      resetSeconds: Math.max(1, Math.ceil((block.endsAt - this.#now()) / 1000)),
    };
  }
}
