/** What ends a stream that waits. */
export interface Closable {
  close(): void;
}

/** The streams that are open: each ends with its reader, with its signal, or with all the others. */
export class OpenStreams {
  readonly #open = new Set<Closable>();
  #closed = false;

  get size(): number {
    return this.#open.size;
  }

  /**
   * Ties a stream to its queue: closing the queue is what ends a stream that waits, because `return()` of an
   * async generator that is waiting would itself wait for the next item.
   */
  open<T>(
    queue: Closable,
    signal: AbortSignal | undefined,
    items: AsyncGenerator<T>,
  ): AsyncIterableIterator<T> {
    const close = () => {
      queue.close();
      this.#open.delete(queue);
      signal?.removeEventListener("abort", close);
      // A stream whose reader is not waiting for it leaves its channel here, whether or not it is asked again.
      void items.return(undefined).catch(() => {});
    };
    this.#open.add(queue);
    signal?.addEventListener("abort", close, { once: true });
    if (this.#closed || signal?.aborted) close();
    return {
      async next() {
        try {
          const result = await items.next();
          if (result.done) close();
          return result;
        } catch (error) {
          close();
          throw error;
        }
      },
      return() {
        close();
        return items.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Ends every stream, and whatever is opened later. */
  close(): void {
    this.#closed = true;
    for (const queue of this.#open) queue.close();
  }
}
