import type { GraphQLContext } from "../../schema/context.ts";

/**
 * A stream about a project that ends as soon as its viewer is no longer a member of it, and when the given signal of
 * the operation aborts.
 *
 * @param open opens the stream; it must end when the signal that it is given aborts
 */
export function whileMember<T>(
  { access, viewer, signal }: Pick<GraphQLContext, "access" | "viewer" | "signal">,
  projectId: string,
  open: (signal: AbortSignal) => AsyncIterableIterator<T>,
): AsyncIterableIterator<T> {
  const ended = new AbortController();
  const end = () => {
    stopWatching();
    signal?.removeEventListener("abort", end);
    ended.abort();
  };
  const stopWatching = access.watch(viewer, projectId, end);
  const stream = open(ended.signal);
  if (signal?.aborted) end();
  else signal?.addEventListener("abort", end, { once: true });
  return {
    async next() {
      try {
        const result = await stream.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      return (await stream.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
