import type { ExecutionResult } from "graphql";
import { createClient } from "graphql-ws";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { TypedDocumentString } from "../generated/graphql.ts";

export const TRANSPORTS = ["WebSocket", "SSE"] as const;
export type Transport = (typeof TRANSPORTS)[number];

export type Result<Data> = Pick<ExecutionResult<Data>, "data" | "errors">;

/** A client's end of a subscription. */
export interface Subscription<Data> {
  /** The next result, or null when the server has completed the subscription. Rejects when the connection ends otherwise. */
  next(): Promise<Result<Data> | null>;
  /** The client goes. */
  close(): Promise<void>;
  /** Stops and starts reading from the connection; what is not read piles up at the server's end. */
  pause(): void;
  resume(): void;
}

/** Opens a subscription; it is closed when the test is over. */
export async function subscribe<Data, Variables>(
  transport: Transport,
  url: string,
  document: TypedDocumentString<Data, Variables> | string,
  variables?: Variables,
  headers: Record<string, string> = {},
): Promise<Subscription<Data>> {
  const open = transport === "SSE" ? overSse : overWebSocket;
  const subscription = await open<Data>(url, { query: document.toString(), variables }, headers);
  onTestFinished(() => subscription.close());
  return subscription;
}

interface Payload {
  readonly query: string;
  readonly variables: unknown;
}

async function overWebSocket<Data>(
  url: string,
  payload: Payload,
  headers: Record<string, string>,
): Promise<Subscription<Data>> {
  const opened = Promise.withResolvers<WebSocket>();
  const closed = Promise.withResolvers<void>();
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: 0,
    on: { connected: (socket) => opened.resolve(socket as WebSocket), closed: () => closed.resolve() },
  });
  const results = client.iterate<Data, never>(payload as { query: string });
  // The client connects with its first subscription, so what it says on the way has to wait for that.
  const first = results.next().then(toResult<Data>, toErrors);
  first.catch(() => {});
  const socket = await Promise.race([opened.promise, first.then(() => opened.promise)]);
  let pending: typeof first | null = first;
  return {
    next() {
      const result = pending ?? results.next().then(toResult<Data>, toErrors);
      pending = null;
      return result;
    },
    async close() {
      await client.dispose();
      if (socket.readyState !== WebSocket.CLOSED) await closed.promise;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function toResult<Data>({ value, done }: IteratorResult<unknown>): Result<Data> | null {
  return done ? null : (value as Result<Data>);
}

/** graphql-ws throws what came as an `error` message; anything else is the end of the connection. */
function toErrors(error: unknown): Result<never> {
  if (Array.isArray(error)) return { errors: error };
  throw error;
}

async function overSse<Data>(
  url: string,
  payload: Payload,
  headers: Record<string, string>,
): Promise<Subscription<Data>> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
    body: JSON.stringify(payload),
    signal: abort.signal,
  });
  // A subscription that is refused has its error in the stream, whatever the status.
  if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) throw new Error("The stream ended without complete.");
          text += value;
          continue;
        }
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const kind = /^event: (.*)$/m.exec(block)?.[1];
        if (kind === "complete") return null;
        if (kind === "next") return JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null");
      }
    },
    close: async () => abort.abort(),
    // A body that nobody reads is not fetched any further.
    pause: () => {},
    resume: () => {},
  };
}
