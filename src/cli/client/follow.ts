import { setTimeout } from "node:timers/promises";
import { ConnectionLost, type Endpoint, openEvents } from "./endpoint.ts";
import type { WatchedEvent } from "./event.ts";

const RETRY_MS = { first: 250, most: 10_000 };
const GIVE_UP_MS = 5 * 60_000;

/** An event, or what became of the connection. */
export type Followed =
  | { readonly kind: "event"; readonly event: WatchedEvent }
  | { readonly kind: "lost"; readonly reason: string }
  /** The server has completed the stream: it stops, or has nothing more to say. */
  | { readonly kind: "completed" };

export interface FollowOptions {
  readonly endpoint: Endpoint;
  /** A subscription to `event` with the variable `$after`. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The cursor of the last event that was seen. */
  readonly after: string;
  /** Called with each connection that is made. */
  readonly onConnected: () => void;
  readonly signal: AbortSignal;
}

/**
 * Every event after the cursor, each once and in order, over as many connections as it takes. Ends when the signal is
 * aborted.
 * @throws ServerRefusal
 * @throws ConnectionLost when no connection could be made for five minutes
 */
export async function* follow({
  endpoint,
  query,
  variables,
  after,
  onConnected,
  signal,
}: FollowOptions): AsyncGenerator<Followed> {
  let cursor = after;
  let retryMs = RETRY_MS.first;
  let downSince = performance.now();
  while (!signal.aborted) {
    const source = openEvents(endpoint, query, { ...variables, after: cursor }, onConnected);
    signal.addEventListener("abort", source.close);
    try {
      for await (const event of source) {
        cursor = event.cursor;
        yield { kind: "event", event };
      }
      if (!signal.aborted) yield { kind: "completed" };
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ConnectionLost)) throw error;
      if (!source.wasConnected && performance.now() - downSince > GIVE_UP_MS) throw error;
      yield { kind: "lost", reason: error.message };
    } finally {
      signal.removeEventListener("abort", source.close);
      source.close();
    }
    if (source.wasConnected) {
      downSince = performance.now();
      retryMs = RETRY_MS.first;
    }
    await setTimeout(retryMs, null, { signal }).catch(() => {});
    retryMs = Math.min(2 * retryMs, RETRY_MS.most);
  }
}
