export interface TurnsOptions {
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  /** Calls back when the event loop has looked after everything else. */
  readonly defer?: (next: () => void) => void;
}

interface Owner {
  /** What its operations have cost, as of `at`; it fades. */
  used: number;
  at: number;
  readonly waiting: { readonly cost: number; readonly go: () => void }[];
}

/** How long operations may begin one after the other before the event loop looks after everything else. */
const SLICE_MS = 5;
/** After this time what an owner has used counts half. */
const HALF_LIFE_MS = 10_000;

/**
 * Lets operations begin so that they do not hold up the event loop together, however many arrive at once: after some
 * milliseconds the others wait, and one begins each time the loop has come round. Of those who wait, it is the turn of whom
 * has used least of late, so that a client that sends much waits behind one that sends little.
 */
export class Turns {
  readonly #now: () => number;
  readonly #defer: (next: () => void) => void;
  readonly #owners = new WeakMap<object, Owner>();
  readonly #waiting = new Set<Owner>();
  #sliceEndsAt: number | null = null;

  constructor({ now = () => performance.now(), defer = setImmediate }: TurnsOptions = {}) {
    this.#now = now;
    this.#defer = defer;
  }

  /**
   * @param key what the operation came on: a socket, a connection
   * @param cost how much it is going to use, in any unit that is the same for all
   * @returns undefined when it may begin at once, otherwise what is fulfilled when it may
   */
  take(key: object, cost: number): Promise<void> | undefined {
    const owner = this.#owner(key);
    this.#sliceEndsAt ??= this.#openSlice();
    if (this.#waiting.size === 0 && this.#now() < this.#sliceEndsAt) {
      this.#use(owner, cost);
      return undefined;
    }
    return new Promise((go) => {
      owner.waiting.push({ cost, go });
      this.#waiting.add(owner);
    });
  }

  #owner(key: object): Owner {
    const known = this.#owners.get(key);
    if (known) return known;
    const owner = { used: 0, at: this.#now(), waiting: [] };
    this.#owners.set(key, owner);
    return owner;
  }

  #openSlice(): number {
    this.#defer(() => this.#next());
    return this.#now() + SLICE_MS;
  }

  #next(): void {
    this.#sliceEndsAt = null;
    const owner = this.#leastUsed();
    const turn = owner?.waiting.shift();
    if (!owner || !turn) return;
    if (owner.waiting.length === 0) this.#waiting.delete(owner);
    this.#use(owner, turn.cost);
    this.#sliceEndsAt = this.#openSlice();
    turn.go();
  }

  #leastUsed(): Owner | undefined {
    const now = this.#now();
    let least: Owner | undefined;
    let used = Number.POSITIVE_INFINITY;
    for (const owner of this.#waiting) {
      const each = faded(owner, now);
      if (each >= used) continue;
      least = owner;
      used = each;
    }
    return least;
  }

  #use(owner: Owner, cost: number): void {
    const now = this.#now();
    owner.used = faded(owner, now) + cost;
    owner.at = now;
  }
}

function faded({ used, at }: Owner, now: number): number {
  return used * 2 ** ((at - now) / HALF_LIFE_MS);
}
