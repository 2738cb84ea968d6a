import { setTimeout as delay } from "node:timers/promises";
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from "graphql";
import { ordinaryEvents, type QuickEvents } from "./quick/quick-events.ts";
import { ReadAhead, type Upcoming } from "./read-ahead.ts";

/** How long an event waits before its fields are read again. */
const READ_AGAIN_MS = 250;

/**
 * graphql's `subscribe`, but for an event whose fields cannot be read because the database is away: it is not lost, and its
 * place in the order is kept. Its fields are read again until they can be, or the subscription ends.
 *
 * @param isOutage whether an error of a result is the database's absence
 * @param quick executes what it can; undefined: all events are executed in the ordinary way
 */
export async function subscribeLastingly(
  args: ExecutionArgs,
  isOutage: (error: unknown) => boolean,
  quick: QuickEvents | undefined,
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const executeEvent = quick?.executor(args) ?? ordinaryEvents(args);
  const { upcoming } = events as { upcoming?: Upcoming };
  const ahead = upcoming && new ReadAhead(executeEvent, upcoming);
  let isOver = false;

  async function read(event: unknown): Promise<ExecutionResult> {
    let result = await (ahead ? ahead.read(event) : executeEvent(event));
    while (!isOver && result.errors?.some(isOutage)) {
      await delay(READ_AGAIN_MS);
      result = await executeEvent(event);
    }
    return result;
  }

  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const { done, value } = await events.next();
      return done ? { done, value: undefined } : { done: false, value: await read(value) };
    },
    async return() {
      isOver = true;
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return results;
}
