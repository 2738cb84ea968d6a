import { Waiter } from "./waiter.ts";
import type { Wakeup } from "./wakeups.ts";

/**
 * Wake-ups on their way to one reader that may be slow: of each project only the furthest is kept, so it
 * holds no more than there are projects, however many wake-ups come and however long the reader is away.
 */
export class WakeupInbox {
  readonly #furthest = new Map<string, Wakeup>();
  #closed = false;
  readonly #reader = new Waiter();

  get closed(): boolean {
    return this.#closed;
  }

  push(wakeup: Wakeup): void {
    if (this.#closed) return;
    const known = this.#furthest.get(wakeup.projectId);
    if (known && known.sequence >= wakeup.sequence) return;
    this.#furthest.set(wakeup.projectId, wakeup);
    this.#reader.wake();
  }

  /** Ends the inbox at once: what is still in it is dropped. */
  close(): void {
    this.#furthest.clear();
    this.#closed = true;
    this.#reader.wake();
  }

  /** Waits for the next wake-up, null at the end. One caller at a time. */
  async next(): Promise<Wakeup | null> {
    for (;;) {
      const [wakeup] = this.#furthest.values();
      if (wakeup) {
        this.#furthest.delete(wakeup.projectId);
        return wakeup;
      }
      if (this.#closed) return null;
      await this.#reader.sleep();
    }
  }
}
