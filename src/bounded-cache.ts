export interface BoundedCacheOptions<K, V> {
  /** The sum of the weights that the cache holds at most. */
  readonly capacity: number;
  /** What an entry weighs. Default: 1 each, so that the capacity is a number of entries. */
  readonly weightOf?: (key: K, value: V) => number;
  /** Told of each entry that leaves the cache. */
  readonly onEvict?: (key: K, value: V) => void;
}

interface Entry<V> {
  value: V;
  weight: number;
  /** Uses since the entry was looked at for eviction, at most `MAX_USES`. */
  uses: number;
}

/** Uses that count: an entry that was used more often outlives four rounds without a use, and no more. */
const MAX_USES = 15;

/**
 * A cache that keeps what is used often (generalised CLOCK, also called second chance). When it is full, the oldest entry
 * goes, unless it was used: then its uses are halved and it starts again as the newest.
 *
 * A least-recently-used cache would be emptied by one client that asks for many things once each. Here such entries push
 * out one another, and what others ask for again and again stays.
 */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #options: BoundedCacheOptions<K, V>;
  #weight = 0;

  constructor(options: BoundedCacheOptions<K, V>) {
    this.#options = options;
  }

  /** The sum of the weights of all entries. */
  get weight(): number {
    return this.#weight;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.uses < MAX_USES) entry.uses += 1;
    return entry.value;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** All entries; looking at them is no use of them. */
  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }

  /** Adds or replaces an entry. One that is heavier than the whole capacity is not kept. */
  set(key: K, value: V): void {
    const { capacity, weightOf } = this.#options;
    const weight = weightOf?.(key, value) ?? 1;
    const entry = this.#entries.get(key);
    if (weight > capacity) {
      this.delete(key);
      return;
    }
    if (entry) {
      this.#weight += weight - entry.weight;
      entry.value = value;
      entry.weight = weight;
      this.#makeRoom(capacity);
    } else {
      this.#makeRoom(capacity - weight);
      this.#weight += weight;
      this.#entries.set(key, { value, weight, uses: 0 });
    }
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
    this.#options.onEvict?.(key, entry.value);
  }

  /** Evicts until no more than `weight` is left. Ends, since each look at an entry halves its uses. */
  #makeRoom(weight: number): void {
    // Deleting and adding while iterating over a Map is defined: what is added comes last.
    for (const [key, entry] of this.#entries) {
      if (this.#weight <= weight) return;
      if (entry.uses === 0) {
        this.delete(key);
      } else {
        entry.uses >>= 1;
        this.#entries.delete(key);
        this.#entries.set(key, entry);
      }
    }
  }
}
