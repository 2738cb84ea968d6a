import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bracketDepth } from "./bracket-depth.ts";
import { LIMITS } from "./limits.ts";
import type { Refusal } from "./loopback-guard.ts";

/** A GraphQL request as it was sent; its fields have not been looked at. */
export type GraphQLParams = Readonly<Record<string, unknown>>;

const TOO_LARGE: Refusal = {
  status: 413,
  code: "REQUEST_ENTITY_TOO_LARGE",
  message: `The request body may be at most ${LIMITS.bodyBytes / 1_024} KB.`,
};

/** JSON is UTF-8 (RFC 8259). Decoding anything else would store U+FFFD in place of what was meant. */
const NOT_UTF8: Refusal = {
  status: 400,
  code: "BAD_REQUEST",
  message: "The request body must be UTF-8. Encode it again, and name no other charset.",
};

/** What can be said against a body before any of it was read; null where it may come. */
export function refuseBody({ headers }: IncomingMessage): Refusal | null {
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    // Not only tidiness: any other type is a request that a foreign page may send without asking (CORS preflight).
    const message = "POST a GraphQL request as application/json.";
    return { status: 415, code: "UNSUPPORTED_MEDIA_TYPE", message, headers: { Accept: "application/json" } };
  }
  const coding = headers["content-encoding"] ?? "identity";
  if (coding.toLowerCase() !== "identity") {
    // A small body that is large when it is unpacked would be one more thing to bound.
    const message = "Send the request body as it is, not compressed.";
    const accepted = { "Accept-Encoding": "identity" };
    return { status: 415, code: "UNSUPPORTED_CONTENT_ENCODING", message, headers: accepted };
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return NOT_UTF8;
  return Number(headers["content-length"] ?? 0) > LIMITS.bodyBytes ? TOO_LARGE : null;
}

/**
 * Reads a POST's GraphQL request. At no time is more held than the limit allows, however long the body says it is.
 *
 * @returns null when the client went while it was sending
 */
export async function readParams(req: IncomingMessage, res: ServerResponse): Promise<Answer> {
  if (req.headers.expect?.toLowerCase() === "100-continue") res.writeContinue();
  const body = await readBytes(req, LIMITS.bodyBytes);
  if (body === "TOO_LARGE") return { refusal: TOO_LARGE };
  if (body === "GONE") return null;
  if (!isUtf8(body)) return { refusal: NOT_UTF8 };
  return parseParams(body.toString("utf8"));
}

/** What was sent, what is wrong with it, or that there is nobody to answer. */
type Answer = { readonly params: GraphQLParams } | { readonly refusal: Refusal } | null;

function parseParams(text: string): Exclude<Answer, null> {
  const tooDeep = refuseDepth(text);
  if (tooDeep) return { refusal: tooDeep };
  let params: unknown;
  try {
    params = JSON.parse(text);
  } catch {
    return badRequest("The request body must be JSON.");
  }
  if (Array.isArray(params)) {
    return badRequest("Batching is not supported: send one operation per request, as an object.");
  }
  if (typeof params !== "object" || params === null) return badRequest("The request body must be an object.");
  if (Object.keys(params).length === 0) return badRequest('The request body must hold a "query".');
  return { params: params as GraphQLParams };
}

/** A JSON text that nests too deep: what reads it later may call itself once per level. */
export function refuseDepth(text: string): Refusal | null {
  const depth = bracketDepth(text);
  if (depth <= LIMITS.jsonDepth) return null;
  const message = `The request's JSON nests ${depth} levels deep; at most ${LIMITS.jsonDepth} are allowed.`;
  return { status: 400, code: "REQUEST_TOO_DEEP", message };
}

function badRequest(message: string): { refusal: Refusal } {
  return { refusal: { status: 400, code: "BAD_REQUEST", message } };
}

/** Once it is too large nothing more is read: the answer sees to the rest of it. */
function readBytes(req: IncomingMessage, limit: number): Promise<Buffer | "TOO_LARGE" | "GONE"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: Buffer | "TOO_LARGE" | "GONE") => {
      req.off("data", onData).off("end", onEnd).off("close", onClose);
      resolve(outcome);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > limit) {
        req.pause();
        settle("TOO_LARGE");
      } else chunks.push(chunk);
    };
    const onEnd = () => settle(Buffer.concat(chunks));
    const onClose = () => settle("GONE");
    req.on("data", onData).on("end", onEnd).on("close", onClose);
    req.on("error", () => {});
  });
}
