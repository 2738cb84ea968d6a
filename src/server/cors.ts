import type { IncomingMessage, ServerResponse } from "node:http";
import { ANY_ORIGIN } from "../config.ts";

/** How long a browser may remember a preflight's answer. */
const PREFLIGHT_SECONDS = 600;
/** Headers of answers that a page may read beside the safelisted ones. */
const EXPOSED = "Content-Disposition, RateLimit, RateLimit-Policy, Retry-After, X-Correlation-Id";

/** Whether pages of this origin may ask. Origins are compared as the browser writes them. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.includes(ANY_ORIGIN) || allowed.includes(origin);
}

/**
 * Sets the headers by which a browser lets pages of the allowed origins read the answer, and answers a preflight of theirs. Pages
 * of other origins get no such headers. Credentials are allowed to exact origins only.
 *
 * @returns whether the request was a preflight and has been answered
 */
export function allowOrigins(req: IncomingMessage, res: ServerResponse, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return false;
  const any = allowed.includes(ANY_ORIGIN);
  // What an answer says depends on who asks, so caches keep one for each.
  if (!any) res.appendHeader("Vary", "Origin");
  const { origin, "access-control-request-headers": headers } = req.headers;
  if (origin === undefined || !isAllowedOrigin(origin, allowed)) return false;
  res.setHeader("Access-Control-Allow-Origin", any ? ANY_ORIGIN : origin);
  if (!any) res.setHeader("Access-Control-Allow-Credentials", "true");
  res.setHeader("Access-Control-Expose-Headers", EXPOSED);
  if (req.method !== "OPTIONS" || req.headers["access-control-request-method"] === undefined) return false;
  res.appendHeader("Vary", "Access-Control-Request-Headers");
  res.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST");
  if (headers !== undefined) res.setHeader("Access-Control-Allow-Headers", headers);
  res.setHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
  res.writeHead(204).end();
  return true;
}
