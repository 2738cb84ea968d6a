import type { IncomingMessage } from "node:http";

/**
 * Rewrites an absolute-form request target (`GET http://host/path`, as clients send it that take the server for a proxy) to the
 * ordinary form. Its host replaces the Host header (RFC 9112 §3.2.2).
 */
export function normalizeTarget(req: IncomingMessage): void {
  const { url = "" } = req;
  if (!/^https?:\/\//i.test(url)) return;
  const target = URL.parse(url);
  if (!target) return;
  // As it was sent: the parsed one is encoded anew, which hides bytes that are no UTF-8.
  const [rest = ""] = url.replace(/^https?:\/\/[^/?#\\]*/i, "").split("#", 1);
  req.url = rest.startsWith("/") ? rest : `/${rest}`;
  req.headers.host = target.host;
}

/**
 * Whether a request asks for a WebSocket. Any other protocol in Upgrade (h2c, from curl --http2 or Java's client) is ignored
 * and the request answered over HTTP/1.1 (RFC 9110 §7.8).
 */
export function wantsWebSocket({ method, headers }: IncomingMessage): boolean {
  const offered = headers.upgrade?.toLowerCase().split(",") ?? [];
  return method === "GET" && offered.some((protocol) => protocol.trim() === "websocket");
}
