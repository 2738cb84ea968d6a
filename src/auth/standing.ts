import { BoundedCache } from "../bounded-cache.ts";
import type { Clock } from "../domain/clock.ts";

const KNOWN = 10_000;
/** How long it may take at the most until a lost wake-up is made up for, in milliseconds. */
const BOUND_MS = 5_000;

/** Whether users are suspended. */
export interface Standing {
  isSuspended(userId: string): Promise<boolean>;
}

export interface StandingOptions {
  /** Reads it from the database. */
  readonly read: (userId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly wakeups: {
    listen(listener: { onWakeup(): void; onAccess(userId: string): void; onResync(): void }): () => void;
  };
}

/**
 * Remembers who is in good standing, so that not every request asks the database: until a wake-up says that something
 * about the user has changed, and five seconds at the most. The node that suspends somebody forgets before it
 * answers; the others as soon as the wake-up arrives. Commands on projects do not rely on it: they ask under the
 * project's lock.
 */
export function createStanding({ read, clock, wakeups }: StandingOptions): Standing {
  let checkedAt = new BoundedCache<string, number>({ capacity: KNOWN });
  /** Counts what was forgotten: an answer that was on its way then is not remembered. */
  let forgotten = 0;
  const forget = () => {
    forgotten += 1;
    checkedAt = new BoundedCache({ capacity: KNOWN });
  };
  wakeups.listen({ onWakeup: () => {}, onAccess: forget, onResync: forget });
  return {
    async isSuspended(userId) {
      const now = clock.now().getTime();
      const known = checkedAt.get(userId);
      if (known !== undefined && Math.abs(now - known) < BOUND_MS) return false;
      const before = forgotten;
      if (await read(userId)) return true;
      if (forgotten === before) checkedAt.set(userId, now);
      return false;
    },
  };
}
