import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { WatchedEvent } from "./event.ts";

/** The server pings every 12 seconds: one that has not been heard of for so long is gone. */
const SILENCE_MS = 30_000;

/** The server did not do what was asked; asking again would be no use. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
}

/** The server cannot be reached now. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** Where to ask, and as whom. */
export interface Endpoint {
  readonly url: URL;
  readonly token: string | undefined;
}

/**
 * Asks the server once, over HTTP.
 * @throws ConnectionLost when it does not answer.
 * @throws ServerRefusal when it answers anything but data.
 */
export async function ask<Data>(
  { url, token }: Endpoint,
  query: string,
  variables: object,
  signal: AbortSignal,
): Promise<Data> {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: "POST", headers, body, signal }).catch((error: Error) => {
    throw new ConnectionLost(reasonOf(error.cause ?? error));
  });
  const answer = await response.json().catch(() => null);
  if (response.status >= 502 && response.status <= 504) {
    throw new ConnectionLost(firstMessage(answer?.errors) ?? `HTTP ${response.status}`);
  }
  if (response.status === 401) throw tokenRefused(firstMessage(answer?.errors), token);
  const refusal = firstMessage(answer?.errors);
  if (refusal !== undefined) throw new ServerRefusal(`The server says: ${refusal}`);
  if (answer?.data == null)
    throw new ServerRefusal(`${url} is no GraphQL endpoint (HTTP ${response.status}).`);
  return answer.data as Data;
}

/** One connection for one subscription. It is never made again: what goes on after a loss is `follow`. */
export interface EventSource extends AsyncIterable<WatchedEvent> {
  /** Whether the server has accepted the connection, at any time. */
  readonly wasConnected: boolean;
  close(): void;
}

/**
 * Subscribes over a WebSocket. The iteration ends when the server completes the subscription, which it also does when
 * it stops.
 * @throws ConnectionLost, ServerRefusal
 */
export function openEvents(
  endpoint: Endpoint,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  onConnected: () => void,
): EventSource {
  const { token } = endpoint;
  let wasConnected = false;
  const url = new URL(endpoint.url);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const client = createClient({
    url: url.href,
    webSocketImpl: WebSocket,
    // Its own retries would subscribe with the cursor of the beginning again.
    retryAttempts: 0,
    ...(token !== undefined && { connectionParams: { Authorization: `Bearer ${token}` } }),
    on: {
      opened: (socket) => endWhenSilent(socket as WebSocket),
      connected() {
        wasConnected = true;
        onConnected();
      },
    },
  });
  return {
    get wasConnected() {
      return wasConnected;
    },
    [Symbol.asyncIterator]: () => eventsOf(client, query, variables, token),
    close: () => void client.dispose(),
  };
}

async function* eventsOf(
  client: Client,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  token: string | undefined,
): AsyncGenerator<WatchedEvent> {
  try {
    for await (const result of client.iterate<{ event: WatchedEvent }>({ query, variables })) {
      if (result.errors) throw result.errors;
      if (result.data) yield result.data.event;
    }
  } catch (error) {
    throw translate(error, token);
  } finally {
    await client.dispose();
  }
}

/** A connection that breaks without a word, as when a machine sleeps, would look like one on which nothing happens. */
function endWhenSilent(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), SILENCE_MS);
  const heard = () => timer.refresh();
  socket.on("message", heard);
  socket.on("ping", heard);
  socket.once("close", () => clearTimeout(timer));
}

/** graphql-ws gives GraphQL errors as an array, and the end of a connection as a close event or an error. */
function translate(error: unknown, token: string | undefined): Error {
  if (Array.isArray(error)) {
    const [first] = error as { message: string; extensions?: { code?: string } }[];
    const code = first?.extensions?.code;
    // Both are cured by subscribing again after the last event.
    if (code === "SLOW_READER" || code === "SHUTTING_DOWN") return new ConnectionLost(first?.message ?? code);
    return new ServerRefusal(`The server says: ${first?.message}`);
  }
  const { code, reason } = error as { code?: number | string; reason?: string };
  if (code === 4403) return tokenRefused(reason, token);
  // The protocol's own codes are about what was sent, which would be the same the next time.
  if (typeof code === "number" && code >= 4400 && code < 4600) {
    return new ServerRefusal(`The server says: ${reason || code}`);
  }
  return new ConnectionLost(reason || reasonOf(error));
}

function tokenRefused(reason: string | undefined, token: string | undefined): ServerRefusal {
  const remedy = token === undefined ? "Give one with --token or GATEHOUSE_TOKEN." : "Give a new one.";
  return new ServerRefusal(`The server asks for a valid token (${reason ?? "none was accepted"}) ${remedy}`);
}

function firstMessage(errors: unknown): string | undefined {
  return Array.isArray(errors) ? errors[0]?.message : undefined;
}

/** In a word: what Node says of a connection that was refused on several addresses is an empty message with a code. */
function reasonOf(error: unknown): string {
  const { message, code, error: inner } = error as { message?: string; code?: unknown; error?: unknown };
  return message || (inner === undefined ? "" : reasonOf(inner)) || String(code ?? "the connection was lost");
}
