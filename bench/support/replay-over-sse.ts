import { request } from "node:http";
import { monotonicMs } from "./monotonic.ts";

/** What a replay came to. */
export interface Replayed {
  readonly ms: number;
  /** Sequences that did not follow the one before them. */
  readonly outOfOrder: number;
}

/**
 * Reads that many events of a subscription over SSE.
 * @param after the sequence before the first of them
 * @throws when the stream ends before
 */
export function replayOverSse(
  url: string,
  operation: { readonly query: string; readonly variables: object },
  after: number,
  events: number,
): Promise<Replayed> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", accept: "text/event-stream" };
    const askedAt = monotonicMs();
    const outgoing = request(`${url}/graphql`, { method: "POST", headers }, (incoming) => {
      let rest = "";
      let last = after;
      let outOfOrder = 0;
      incoming.setEncoding("utf8").on("data", (text: string) => {
        const end = text.lastIndexOf("\n\n");
        const whole = end === -1 ? "" : rest + text.slice(0, end);
        rest = end === -1 ? rest + text : text.slice(end);
        for (const [, sequence] of whole.matchAll(/^data: .*?"sequence":(\d+)/gm)) {
          if (Number(sequence) !== last + 1) outOfOrder += 1;
          last = Number(sequence);
        }
        if (last < after + events) return;
        resolve({ ms: monotonicMs() - askedAt, outOfOrder });
        incoming.destroy();
      });
      incoming.once("close", () => reject(new Error(`The stream ended after the event ${last}.`)));
      incoming.on("error", () => {});
    });
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(operation));
  });
}
