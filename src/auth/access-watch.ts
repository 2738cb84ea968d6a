import { type AccessSource, membershipKey } from "./access-source.ts";
import type { Viewer } from "./viewer.ts";

/** Why something that is open ends. */
export type AccessLoss = "SUSPENDED" | "KEY_REVOKED" | "NOT_A_MEMBER";

interface Watched {
  readonly userId: string;
  readonly keyId: string | null;
  /** The project that it is about; null where it is about the user alone: a socket, a stream of everything. */
  readonly projectId: string | null;
  readonly onLoss: (loss: AccessLoss) => void;
}

export interface AccessWatchOptions {
  readonly source: AccessSource;
  /** Calls back when a user's rights change, and when that may have been missed. */
  readonly wakeups: {
    listen(listener: { onWakeup(): void; onAccess(userId: string): void; onResync(): void }): () => void;
  };
  /** How often everything that is open is looked at, in milliseconds, in case a wake-up was lost. */
  readonly pollMs: number;
  readonly warn: (error: unknown) => void;
}

/**
 * Ends what is open when its user may not have it any more: a socket or a stream of a suspended user or a revoked key, a
 * subscription to a project that one is no longer a member of.
 *
 * A wake-up says whose rights changed, and only what that user has open is looked at, in three statements at the
 * most; a slow poll over everything stands in for wake-ups that get lost. Nothing is asked per event.
 */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  readonly #byUser = new Map<string, Set<Watched>>();
  readonly #dirty = new Set<string>();
  #looking: Promise<void> | null = null;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(options: AccessWatchOptions) {
    this.#options = options;
    this.#stopListening = options.wakeups.listen({
      onWakeup: () => {},
      onAccess: (userId) => void this.#look([userId]),
      onResync: () => void this.poll(),
    });
    this.#timer = setInterval(() => void this.poll(), options.pollMs);
    this.#timer.unref();
  }

  /** How many things are watched. */
  get size(): number {
    let size = 0;
    for (const watched of this.#byUser.values()) size += watched.size;
    return size;
  }

  /**
   * Calls `onLoss`, once, when the viewer loses what this takes. It is looked at once soon: what was lost between
   * the viewer's proof and this call is not missed.
   *
   * @returns what ends the watch
   */
  watch(viewer: Viewer, projectId: string | null, onLoss: (loss: AccessLoss) => void): () => void {
    const { userId, key } = viewer;
    const watched: Watched = { userId, keyId: key?.id ?? null, projectId, onLoss };
    const others = this.#byUser.get(userId) ?? new Set();
    this.#byUser.set(userId, others.add(watched));
    void this.#look([userId]);
    return () => this.#forget(watched);
  }

  /** Looks at everything that is open. */
  poll(): Promise<void> {
    return this.#look([...this.#byUser.keys()]);
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#byUser.clear();
  }

  /** Looks at what these users have open; who is added while a look is under way is looked at by the next one. */
  #look(userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) if (this.#byUser.has(userId)) this.#dirty.add(userId);
    if (this.#dirty.size === 0) return this.#looking ?? Promise.resolve();
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    // Whoever opens several things at once is looked at once.
    await Promise.resolve();
    while (this.#dirty.size > 0) {
      const userIds = [...this.#dirty];
      this.#dirty.clear();
      const open = userIds.flatMap((userId) => [...(this.#byUser.get(userId) ?? [])]);
      if (open.length === 0) continue;
      try {
        await this.#end(userIds, open);
      } catch (error) {
        // The next poll looks again.
        this.#options.warn(error);
      }
    }
  }

  async #end(userIds: readonly string[], open: readonly Watched[]): Promise<void> {
    const answer = await this.#options.source({
      userIds,
      keyIds: [...new Set(open.flatMap(({ keyId }) => keyId ?? []))],
      projectIds: [...new Set(open.flatMap(({ projectId }) => projectId ?? []))],
    });
    const lossOf = ({ userId, keyId, projectId }: Watched): AccessLoss | null => {
      if (answer.suspended.has(userId)) return "SUSPENDED";
      if (keyId !== null && answer.revoked.has(keyId)) return "KEY_REVOKED";
      const isMember = projectId === null || answer.memberships.has(membershipKey(userId, projectId));
      return isMember ? null : "NOT_A_MEMBER";
    };
    for (const watched of open) {
      const loss = lossOf(watched);
      if (loss && this.#forget(watched)) watched.onLoss(loss);
    }
  }

  /** @returns whether it was still watched */
  #forget(watched: Watched): boolean {
    const others = this.#byUser.get(watched.userId);
    const wasThere = others?.delete(watched) ?? false;
    if (others?.size === 0) this.#byUser.delete(watched.userId);
    return wasThere;
  }
}
