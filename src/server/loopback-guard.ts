import type { IncomingHttpHeaders } from "node:http";
import { isLoopbackHost } from "../config.ts";
import { isAllowedOrigin } from "./cors.ts";

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What keeps web pages out of a server that asks for no token. A page whose DNS name was rebound to 127.0.0.1 still sends
 * its own name as Host; a page that opens a WebSocket or posts from elsewhere sends its own Origin, and every other request of a page says that
 * it comes from another site.
 *
 * @param allowed the origins of `CORS_ORIGINS`
 */
export function refuseForeignPage(headers: IncomingHttpHeaders, allowed: readonly string[]): Refusal | null {
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
  if (origin !== undefined && isAllowedOrigin(origin, allowed)) return null;
  if (!isOwnOrigin(headers)) return notOurPage();
  // A GET from elsewhere needs no Origin: a browser says here where it comes from. Following a link is no such read.
  const site = headers["sec-fetch-site"] ?? "none";
  if (site !== "none" && site !== "same-origin" && headers["sec-fetch-mode"] !== "navigate") {
    return notOurPage();
  }
  return null;
}

/**
 * Refuses WebSockets to pages that `CORS_ORIGINS` does not name, where it is set and tokens are asked for: browsers do not apply
 * CORS to WebSockets. Clients that are no browsers send no Origin.
 */
export function refuseForeignSocket(
  headers: IncomingHttpHeaders,
  allowed: readonly string[],
): Refusal | null {
  const { origin } = headers;
  if (allowed.length === 0 || origin === undefined) return null;
  if (isAllowedOrigin(origin, allowed) || isOwnOrigin(headers)) return null;
  return {
    status: 403,
    code: "ORIGIN_NOT_ALLOWED",
    message: "Pages of this origin may not open a WebSocket here: CORS_ORIGINS does not name it.",
  };
}

/** Whether a request comes from a page of this server, or from no page. */
function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return origin === undefined || URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host;
}

function notOurPage(): Refusal {
  return {
    status: 403,
    code: "ORIGIN_NOT_ALLOWED",
    message:
      "Without authentication this server answers only to pages of its own origin and of CORS_ORIGINS.",
  };
}
