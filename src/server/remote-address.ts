import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * From where a request came. Behind that many proxies of one's own it is the address that the outermost of them has seen,
 * which they add to X-Forwarded-For at the right; what stands further left anybody may have written.
 */
export function remoteAddress({ socket, headers }: IncomingMessage, trustedProxies: number): string {
  const direct = socket.remoteAddress ?? "unknown";
  if (trustedProxies === 0) return direct;
  const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",");
  const hops = forwarded.split(",").flatMap((hop) => hop.trim() || []);
  const claimed = hops.at(-trustedProxies) ?? "";
  return isIP(claimed) === 0 ? direct : claimed;
}
