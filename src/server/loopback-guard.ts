import type { IncomingHttpHeaders } from "node:http";
import { isLoopbackHost } from "../config.ts";

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
}

/**
 * What keeps web pages out of a server that asks for no token. A page whose DNS name was rebound to 127.0.0.1 still sends
 * its own name as Host; a page that opens a WebSocket or posts from elsewhere sends its own Origin.
 */
export function refuseForeignPage(headers: IncomingHttpHeaders): Refusal | null {
  const host = headers.host ?? "";
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1];
  if (name === undefined || !isLoopbackHost(name)) {
    return {
      status: 421,
      code: "HOST_NOT_ALLOWED",
      message:
        "Without authentication this server answers only to a loopback Host (localhost, 127.0.0.1 or [::1]).",
    };
  }
  const { origin } = headers;
  if (origin !== undefined && URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host) {
    return {
      status: 403,
      code: "ORIGIN_NOT_ALLOWED",
      message: "Without authentication this server answers only to pages of its own origin.",
    };
  }
  return null;
}
