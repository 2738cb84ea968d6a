import type { Draw } from "./draw.ts";
import type { Operation } from "./operation.ts";

/** What goes over the wire. */
export interface Request {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const JSON_ANSWERS = ["application/json", "application/graphql-response+json", "*/*"];

/** A valid operation in a valid request. */
export function drawRequest(draw: Draw, { kind, query, variables, operationName }: Operation): Request {
  const accept = kind === "subscription" ? "text/event-stream" : draw.pick(JSON_ANSWERS);
  if (kind === "query" && draw.chance(10)) {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    // A request's line has a limit of its own.
    if (search.size > 0 && String(search).length < 8_000) {
      return { method: "GET", path: `/graphql?${search}`, headers: { accept }, body: null };
    }
  }
  const body = JSON.stringify({ query, variables, ...(operationName !== null && { operationName }) });
  return { method: "POST", path: "/graphql", headers: { accept, "content-type": "application/json" }, body };
}

/** An answer, or as much of a stream as came at once. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Sends a request, once more where its connection was ended: a server may end an idle one at the moment when a client uses
 * it again. Of a stream the first piece is read, and then it is left.
 */
export async function sendRequest(url: string, request: Request): Promise<Answer> {
  try {
    return await sendOnce(url, request);
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code !== "ECONNRESET") throw error;
    return sendOnce(url, request);
  }
}

async function sendOnce(url: string, { method, path, headers, body }: Request): Promise<Answer> {
  const leave = new AbortController();
  const response = await fetch(url + path, {
    method,
    headers,
    body,
    signal: leave.signal,
    redirect: "manual",
  });
  const contentType = response.headers.get("content-type") ?? "";
  const answer = { status: response.status, contentType };
  if (!contentType.startsWith("text/event-stream")) return { ...answer, text: await response.text() };
  const reader = response.body?.getReader();
  const first = await reader?.read();
  leave.abort();
  return { ...answer, text: new TextDecoder().decode(first?.value) };
}
