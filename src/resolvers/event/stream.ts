import { GraphQLError } from "graphql";
import type { ForeseenStream, StreamItem } from "../../events/hub.ts";
import type { EventRow } from "../../events/log.ts";
import { encodePosition } from "../../schema/event/cursor.ts";

/** Drops the events that are not wanted; what tells of a lagging stream passes. */
export function only(
  stream: AsyncIterableIterator<StreamItem> & Partial<ForeseenStream>,
  wanted: (event: EventRow) => boolean,
): ForeseenStream {
  return {
    upcoming: (most) => stream.upcoming?.(most).filter(wanted) ?? [],
    async next() {
      for (;;) {
        const result = await stream.next();
        if (result.done || "lagged" in result.value || wanted(result.value)) return result;
      }
    },
    return: async () => (await stream.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The event of an item. @throws SLOW_READER where the stream tells that its reader was too slow */
export function toEvent(item: StreamItem): EventRow {
  if (!("lagged" in item)) return item;
  throw new GraphQLError(
    "You read more slowly than events happen, so this stream ends here. Subscribe again after your last cursor.",
    { extensions: { code: "SLOW_READER", resumeAfter: encodePosition(item.resumeAfter) } },
  );
}
