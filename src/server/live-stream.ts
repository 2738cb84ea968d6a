/** A stream of results on its way to a client. `finish` ends it from our side, even while its source is silent. */
export interface LiveStream<T> extends AsyncGenerator<T, void, void> {
  /** Ends the stream after `last`, which is sent if given. The client gets an orderly `complete`. */
  finish(last?: T): void;
}

/**
 * Wraps a source so that it can be finished from outside. An async generator cannot: `return()` waits behind the `next()`
 * that is waiting for an event that may never come. Built for one reader that awaits each `next()`.
 * @param onError turns what the source throws into the last result.
 * @param onEnd called once, when the reader has seen the end or has gone.
 */
export function liveStream<T>(
  source: AsyncIterable<T>,
  handlers: { onValue: (value: T) => T; onError: (error: unknown) => T; onEnd: () => void },
): LiveStream<T> {
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  let ended = false;
  let last: T | undefined;
  let wake: (() => void) | undefined;

  function end(): IteratorReturnResult<void> {
    if (!ended) {
      ended = true;
      handlers.onEnd();
    }
    return { done: true, value: undefined };
  }

  function closeSource(): Promise<unknown> {
    // What a source throws while it is being closed concerns nobody any more.
    return Promise.resolve(iterator.return?.()).catch(() => undefined);
  }

  function finish(value?: T): void {
    if (finished) return;
    finished = true;
    last = value;
    void closeSource();
    wake?.();
  }

  function drain(): IteratorResult<T, void> {
    if (last === undefined || ended) return end();
    const value = last;
    last = undefined;
    return { done: false, value };
  }

  function next(): Promise<IteratorResult<T, void>> {
    if (finished) return Promise.resolve(drain());
    return new Promise((resolve) => {
      // Not Promise.race against one long-lived promise: that keeps a reaction for every event ever sent.
      wake = () => {
        wake = undefined;
        resolve(drain());
      };
      iterator.next().then(
        (result) => {
          if (finished) return;
          if (!result.done) {
            wake = undefined;
            resolve({ done: false, value: handlers.onValue(result.value) });
          } else finish();
        },
        (error: unknown) => {
          if (!finished) finish(handlers.onError(error));
        },
      );
    });
  }

  async function stop(): Promise<IteratorReturnResult<void>> {
    const wasOpen = !finished;
    finished = true;
    last = undefined;
    const result = end();
    wake?.();
    if (wasOpen) void closeSource();
    return result;
  }

  return {
    next,
    return: stop,
    throw: stop,
    finish,
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
