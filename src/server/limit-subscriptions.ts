import type { ExecutionResult } from "graphql";
import type { Plugin } from "graphql-yoga";
import type { RequestContext } from "./request-context.ts";
import type { RequestLimits } from "./request-limits.ts";

/** Counts the subscriptions that a user has open, over either transport, and refuses those above the limit. */
export function limitSubscriptions(limits: RequestLimits): Plugin<RequestContext> {
  return {
    async onSubscribe({ args }) {
      const { viewer, signal } = args.contextValue as RequestContext;
      const release = await limits.openSubscription(viewer);
      // A client may be gone before anybody reads what was opened for it.
      signal?.addEventListener("abort", release, { once: true });
      if (signal?.aborted) release();
      const end = () => {
        signal?.removeEventListener("abort", release);
        release();
      };
      return {
        onSubscribeResult({ result, setResult }) {
          if (Symbol.asyncIterator in result)
            setResult(withEnd(result as AsyncIterable<ExecutionResult>, end));
          else end();
        },
        onSubscribeError: end,
      };
    },
  };
}

/** The same items; `onEnd` is called when there are no more, or nobody wants more. */
function withEnd<T>(source: AsyncIterable<T>, onEnd: () => void): AsyncGenerator<T, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const finish = async (): Promise<IteratorReturnResult<void>> => {
    onEnd();
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      try {
        const result = await iterator.next();
        if (result.done) onEnd();
        return result as IteratorResult<T, void>;
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    return: finish,
    async throw(error) {
      await finish();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await finish();
    },
  };
}
