import { TooManySubscriptionsError } from "./errors.ts";
import type { Reachable } from "./reachable.ts";
import { NODE_LEASE_MS, type SlotStore } from "./slot-store.ts";

export interface SubscriptionSlotsOptions {
  readonly store: SlotStore;
  readonly reachable: Reachable;
  /** Subscriptions that one user may have open at once, on all nodes together. */
  readonly limit: number;
  /** How often the store is told that this node is still there, in milliseconds. */
  readonly renewMs?: number;
}

/** What one user has open on this node. */
interface Holder {
  open: number;
  /** What the store was told last is not true any more. */
  isStale: boolean;
  /** The last question or answer about this user: they take turns, so that the last word is the newest. */
  turn: Promise<void>;
}

/**
 * Counts the open subscriptions of each user, with those on other nodes. What is told to the store is always the whole
 * count of this node, so that a word that was lost is put right by the next one.
 */
export class SubscriptionSlots {
  readonly #store: SlotStore;
  readonly #reachable: Reachable;
  readonly #limit: number;
  readonly #holders = new Map<string, Holder>();
  readonly #timer: NodeJS.Timeout;

  constructor({ store, reachable, limit, renewMs = NODE_LEASE_MS / 3 }: SubscriptionSlotsOptions) {
    this.#store = store;
    this.#reachable = reachable;
    this.#limit = limit;
    this.#timer = setInterval(() => void this.#renew(), renewMs);
    this.#timer.unref();
  }

  /**
   * Counts one more. Without the store only this node's count.
   * @returns what gives it back; calling it again does nothing
   * @throws TooManySubscriptionsError
   */
  async open(userId: string): Promise<() => void> {
    const holder = this.#holder(userId);
    const granted = await this.#inTurn(userId, holder, async () => {
      const wanted = holder.open + 1;
      const isWithin = wanted <= this.#limit;
      const ask = () => this.#store.claim(userId, wanted, this.#limit);
      if (!isWithin || !(await this.#reachable.ask(ask, () => true))) return false;
      holder.open += 1;
      return true;
    });
    if (!granted) throw new TooManySubscriptionsError(this.#limit);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      holder.open -= 1;
      this.#settleLater(userId, holder);
    };
  }

  /** Tells the store that nothing is open here any more, as far as it can be told. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#holders.values()].map(({ turn }) => turn));
  }

  #holder(userId: string): Holder {
    const known = this.#holders.get(userId);
    if (known) return known;
    const holder = { open: 0, isStale: false, turn: Promise.resolve() };
    this.#holders.set(userId, holder);
    return holder;
  }

  #settleLater(userId: string, holder: Holder): void {
    // One turn that waits will say it for all.
    if (holder.isStale) return;
    holder.isStale = true;
    void this.#inTurn(userId, holder, async () => {
      holder.isStale = false;
      const counts = new Map([[userId, holder.open]]);
      // What it is not told now it is told when this node is renewed, or it forgets the node.
      await this.#reachable.ask(
        () => this.#store.settle(counts),
        () => {},
      );
    });
  }

  async #inTurn<T>(userId: string, holder: Holder, act: () => Promise<T>): Promise<T> {
    const before = holder.turn;
    const done = Promise.withResolvers<void>();
    holder.turn = done.promise;
    await before;
    try {
      return await act();
    } finally {
      done.resolve();
      const isIdle = holder.turn === done.promise && holder.open === 0;
      if (isIdle && this.#holders.get(userId) === holder) this.#holders.delete(userId);
    }
  }

  /** Tells the store of all users at once, without waiting for anybody's turn. */
  async #renew(): Promise<void> {
    const counts = new Map([...this.#holders].map(([userId, { open }]) => [userId, open]));
    // A store that is not asked has not answered: whether it can be reached stays unknown.
    if (counts.size === 0 && !this.#store.forget) return;
    const renew = async () => {
      if (counts.size > 0) await this.#store.settle(counts);
      await this.#store.forget?.();
    };
    await this.#reachable.ask(renew, () => {});
    // What changed meanwhile may have been told before this was.
    for (const [userId, open] of counts) {
      const holder = this.#holders.get(userId);
      if ((holder?.open ?? 0) !== open) this.#settleLater(userId, holder ?? this.#holder(userId));
    }
  }
}
