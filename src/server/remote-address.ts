import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The address that a request came from. Behind `trustedProxies` proxies of one's own, it is the address that the
 * outermost of them has seen. Proxies append it on the right of `X-Forwarded-For` or of `Forwarded` (RFC 7239), with a
 * port or without; what stands further left anybody may have written.
 *
 * A proxy may pass on the header that it does not write, so one of the two can be the client's alone. Where both are
 * there and disagree, neither is believed, and the address is the proxy's.
 */
export function remoteAddress({ socket, headers }: IncomingMessage, trustedProxies: number): string {
  const direct = socket.remoteAddress ?? "unknown";
  if (trustedProxies === 0) return direct;
  const lists = [
    { header: headers["x-forwarded-for"], hopsOf: commaSeparated },
    { header: headers.forwarded, hopsOf: forwardedHops },
  ];
  const claims = lists.flatMap(({ header, hopsOf }) => {
    const text = [header ?? []].flat().join(",");
    return text.trim() === "" ? [] : [addressOf(hopsOf(text).at(-trustedProxies) ?? "")];
  });
  const [claimed = null, other = claimed] = claims;
  return claimed === null || claimed !== other ? direct : claimed;
}

function commaSeparated(text: string): string[] {
  return text.split(",").flatMap((hop) => hop.trim() || []);
}

/** One `name=value` of a Forwarded header, with what ends it. Proxies leave quotes out where RFC 7239 wants them. */
const PAIR = /[ \t,]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))[ \t]*(;|,|$)/y;

/**
 * The `for` of each element of a Forwarded header, "" where it has none. A header that cannot be read has no elements: a
 * quote that a client opened could otherwise hide what a proxy has appended.
 */
function forwardedHops(text: string): string[] {
  const hops: string[] = [];
  let hop = "";
  let at = 0;
  while (at < text.length) {
    PAIR.lastIndex = at;
    const [pair, name, quoted, plain, end] = PAIR.exec(text) ?? [];
    if (pair === undefined || name === undefined) return [];
    if (name.toLowerCase() === "for") hop = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
    at += pair.length;
    if (end === ";" && at < text.length) continue;
    hops.push(hop);
    hop = "";
  }
  return hops;
}

/** The IP address of `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`, else null. */
function addressOf(hop: string): string | null {
  const address = /^\[(.*)\](?::\w+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\w+$/.exec(hop)?.[1] ?? hop;
  return isIP(address) === 0 ? null : address;
}
