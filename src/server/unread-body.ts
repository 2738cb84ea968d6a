import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { LIMITS } from "./limits.ts";

/** So much of a refused body is taken and thrown away: a client that reads only after it has sent all gets its answer. */
const DISCARDED_BYTES = 4 * 1024 * 1024;
/** How long a client has to read its answer before the connection is cut, in milliseconds. */
const LINGER_MS = 2_000;

/** Whether more of a request's body may still come than is worth waiting for. */
export function hasLongRest(req: IncomingMessage): boolean {
  if (req.complete) return false;
  return (
    req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"]) > LIMITS.bodyBytes
  );
}

/**
 * Ends an answer to a request whose body will not be read. The answer must have been written whole, with
 * `Connection: close`. Ending it at once would reset the connection under a client that is still sending, and the answer
 * would be lost with it; reading on would let it send for ever.
 */
export function endUnread(req: IncomingMessage, res: ServerResponse): void {
  discardRest(req, () => res.end());
}

/** Takes some of what a client still sends after its refusal, then waits a moment, then has the connection ended. */
export function discardRest(source: Readable, onEnd: () => void): void {
  let left = DISCARDED_BYTES;
  const end = () => {
    clearTimeout(timer);
    source.off("data", discard).off("end", end).off("close", end);
    onEnd();
  };
  const discard = (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) source.pause();
  };
  const timer = setTimeout(end, LINGER_MS);
  timer.unref();
  source.once("end", end).once("close", end).on("data", discard);
}
