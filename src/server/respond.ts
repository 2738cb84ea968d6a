import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLError } from "graphql";

/** Answers with JSON. Does nothing when an answer has begun or the client is gone. */
export function respondJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  res.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.byteLength,
    ...headers,
  });
  res.end(bytes);
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
