import { Waiter } from "./waiter.ts";

/** What a reader finds when it asks for the next item. */
export type Next<T> =
  | { readonly kind: "item"; readonly item: T }
  | { readonly kind: "overflow" }
  | { readonly kind: "closed" };

/**
 * A queue between one producer that never waits and one consumer that may be slow. Past its limit it drops
 * everything and says so: memory is bounded, and the consumer knows that it has to start again.
 */
export class BoundedQueue<T> {
  readonly #limit: number;
  #items: T[] = [];
  #state: "open" | "overflow" | "closed" = "open";
  readonly #reader = new Waiter();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get closed(): boolean {
    return this.#state === "closed";
  }

  push(item: T): void {
    if (this.#state !== "open") return;
    if (this.#items.length >= this.#limit) {
      this.#items = [];
      this.#state = "overflow";
    } else {
      this.#items.push(item);
    }
    this.#reader.wake();
  }

  /** Ends the queue at once: what is still in it is dropped. */
  close(): void {
    this.#items = [];
    this.#state = "closed";
    this.#reader.wake();
  }

  /** Waits for the next item, the overflow, or the end. One caller at a time. */
  async next(): Promise<Next<T>> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return { kind: "item", item };
      if (this.#state !== "open") return { kind: this.#state };
      await this.#reader.sleep();
    }
  }
}
