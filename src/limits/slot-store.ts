/** How many subscriptions each node has open for each user. A node that is not heard of is forgotten after a while. */
export interface SlotStore {
  /**
   * Says that this node has that many open, unless that with the other nodes' would be more than the limit.
   * @returns whether it was said
   * @throws when the store does not answer
   */
  claim(userId: string, count: number, limit: number): Promise<boolean>;
  /**
   * Says how many this node has open, whatever the others have, and that it is still there.
   * @throws when the store does not answer
   */
  settle(counts: ReadonlyMap<string, number>): Promise<void>;
  /** Drops what says nothing any more; absent where that happens by itself. @throws when the store does not answer */
  forget?(): Promise<void>;
}

/** After this time without a word from a node its subscriptions do not count any more. */
export const NODE_LEASE_MS = 60_000;
