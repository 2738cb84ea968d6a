import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A tab that is open when somebody visits for the first time. `variables` and `headers` are JSON texts. */
export interface GraphiqlTab {
  readonly query: string;
  readonly variables?: string;
  readonly headers?: string;
}

/** Whether a request asks for the page rather than for data. */
export function wantsPage(req: IncomingMessage): boolean {
  return req.method === "GET" && (req.headers.accept ?? "").includes("text/html");
}

/**
 * Serves GraphiQL from one self-contained document: no other origin is contacted, and the policy sees to that.
 * @param options.subscriptions GraphiQL puts what the header editor holds on HTTP requests only, never into
 * connection_init, so where a token is needed subscriptions must go over SSE.
 */
export function createGraphiqlPage(options: {
  tabs: readonly GraphiqlTab[];
  subscriptions: "WS" | "SSE";
}): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  let page: Promise<Page> | undefined;
  return async (req, res) => {
    // 9 MB of script: loaded by the first visitor, not by every start.
    page ??= renderPage(options.tabs, options.subscriptions);
    const { html, compressed, policy, etag } = await page;
    res.setHeader("Content-Security-Policy", policy);
    res.setHeader("Cache-Control", "no-cache");
    res.appendHeader("Vary", "Accept, Accept-Encoding");
    res.setHeader("Referrer-Policy", "no-referrer");
    res.setHeader("ETag", etag);
    if (req.headers["if-none-match"] === etag) {
      res.writeHead(304).end();
      return;
    }
    const accepted = /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""));
    if (accepted) res.setHeader("Content-Encoding", "gzip");
    const body = accepted ? compressed : html;
    res.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Length": body.byteLength });
    res.end(body);
  };
}

interface Page {
  readonly html: Buffer;
  readonly compressed: Buffer;
  readonly policy: string;
  readonly etag: string;
}

/**
 * GraphiQL slides its tabs into place and leaves them with the transform they started from, which comes into force at
 * the first press: the tab jumps away from under the pointer, and that click is lost.
 */
const STYLE = ".graphiql-tab { transform: none !important; }";

async function renderPage(tabs: readonly GraphiqlTab[], subscriptions: "WS" | "SSE"): Promise<Page> {
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const text = renderGraphiQL({
    title: "Gatehouse",
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: true,
    // A token that somebody pasted must not stay in the browser's storage.
    shouldPersistHeaders: false,
    subscriptionsProtocol: subscriptions,
    ...(tabs.length > 0 && { defaultTabs: tabs.map((tab) => ({ ...tab })) }),
  });
  const html = Buffer.from(text.replace("</head>", `<style>${STYLE}</style></head>`));
  const hash = sha256(inlineScriptOf(text));
  return {
    html,
    compressed: await promisify(gzip)(html),
    policy: contentSecurityPolicy(hash),
    etag: `"${sha256(html)}"`,
  };
}

function contentSecurityPolicy(scriptHash: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    // The editor's workers are made from strings in the page, and it writes its styles into the page.
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "font-src data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The text of the page's only script, with the line ends that a browser hashes. */
function inlineScriptOf(html: string): string {
  const start = html.indexOf("<script>") + "<script>".length;
  return html.slice(start, html.lastIndexOf("</script>")).replace(/\r\n?/g, "\n");
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("base64");
}
