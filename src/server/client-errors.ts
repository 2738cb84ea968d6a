import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { errorBody, refuseUpgrade } from "./respond.ts";

interface ClientError extends Error {
  readonly code?: string;
}

const BY_CODE: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "HEADERS_TOO_LARGE", "The request's headers and URL may be at most 16 KB."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "REQUEST_ENTITY_TOO_LARGE", "The chunks' extensions are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "REQUEST_TIMEOUT", "The request took too long to arrive."],
};
const MALFORMED = [400, "BAD_REQUEST", "This is not an HTTP request."] as const;

/** Answers what Node refuses before there is a request, in the shape of all other refusals, and closes the connection. */
export function answerClientErrors(http: Server): void {
  const responses = new WeakMap<Duplex, ServerResponse>();
  http.on("request", (req, res) => responses.set(req.socket, res));
  http.on("clientError", (error: ClientError, socket) => {
    const response = responses.get(socket);
    // In the middle of another answer, anything written would become part of it.
    const midway = response?.headersSent === true && !response.writableFinished;
    if (error.code === "ECONNRESET" || !socket.writable || midway) {
      socket.destroy();
      return;
    }
    const [status, code, message] = BY_CODE[error.code ?? ""] ?? MALFORMED;
    refuseUpgrade(socket, status, errorBody(message, code));
  });
}
