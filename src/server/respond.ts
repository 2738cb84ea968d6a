import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLError } from "graphql";
import { refusalType } from "./accept.ts";
import type { Refusal } from "./loopback-guard.ts";
import { endUnread, hasLongRest } from "./unread-body.ts";

/** Answers with JSON. Does nothing when an answer has begun or the client is gone. */
export function respondJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  const unread = hasLongRest(res.req);
  res.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.byteLength,
    ...(unread && { Connection: "close" }),
    ...headers,
  });
  if (!unread) {
    res.end(bytes);
    return;
  }
  res.write(bytes);
  endUnread(res.req, res);
}

/** Refuses a request for GraphQL before it reached it, as one of the media types that the client accepts. */
export function respondRefusal(res: ServerResponse, { status, message, code, headers }: Refusal): void {
  const type = { "Content-Type": `${refusalType(res.req.headers.accept)}; charset=utf-8` };
  respondJson(res, status, errorBody(message, code), { ...type, ...headers });
}

/** What is wrong with a request that never reached GraphQL, in the shape that GraphQL clients read. */
export function errorBody(message: string, code: string): { errors: unknown[] } {
  return { errors: [{ message, extensions: { code } }] };
}

/** Answers with one GraphQL error, with the status and headers of its `extensions.http` (500 where it has none). */
export function respondError(res: ServerResponse, error: GraphQLError): void {
  const { message, extensions } = error.toJSON();
  const { http, ...visible } = extensions ?? {};
  const { status = 500, headers = {} } = (http ?? {}) as {
    status?: number;
    headers?: Record<string, string>;
  };
  respondJson(res, status, { errors: [{ message, extensions: visible }] }, headers);
}

/** Refuses a protocol upgrade: there is no ServerResponse for those, only the socket. */
export function refuseUpgrade(socket: Duplex, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
