import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Authenticator } from "../auth/authenticator.ts";
import { bearerToken } from "../auth/bearer.ts";
import type { Viewer } from "../auth/viewer.ts";
import type { RateVerdict } from "../limits/rate-limit.ts";
import { accepts, RESULT_TYPES } from "./accept.ts";
import { correlationIdOf } from "./correlation-id.ts";
import { allowOrigins } from "./cors.ts";
import type { ErrorMask } from "./error-mask.ts";
import { Exchange } from "./exchange.ts";
import {
  EXPORT_UNITS,
  type ExportRequest,
  exportPathOf,
  type MakeExport,
  respondExport,
} from "./export-route.ts";
import { wantsPage } from "./graphiql-page.ts";
import type { InFlight } from "./in-flight.ts";
import { type Refusal, refuseForeignPage } from "./loopback-guard.ts";
import type { Metrics } from "./metrics.ts";
import { unitsOf } from "./operation-cost.ts";
import type { OperationLog } from "./operation-log.ts";
import type { QuickOperations } from "./quick/quick-operations.ts";
import { checkReadiness, type Probe, sharedProbes } from "./readiness.ts";
import { readParams, refuseBody, refuseDepth } from "./request-body.ts";
import type { RequestContext } from "./request-context.ts";
import { type RequestLimits, rateLimitHeaders } from "./request-limits.ts";
import { normalizeTarget } from "./request-target.ts";
import { errorBody, respondError, respondJson, respondRefusal } from "./respond.ts";
import type { Turns } from "./turns.ts";
import { GRAPHQL_PATH, type MakeContext, type Yoga } from "./yoga.ts";

export interface RequestHandlerOptions {
  readonly yoga: Yoga;
  /** Null where the page is switched off. */
  readonly graphiql: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | null;
  readonly authenticator: Authenticator;
  readonly limits: RequestLimits;
  readonly loopbackOnly: boolean;
  /** The origins whose pages may ask. */
  readonly corsOrigins: readonly string[];
  readonly probes: Readonly<Record<string, Probe>>;
  /** Of what the server can do without; they are shown, and the server is ready whatever they say. */
  readonly sideProbes: Readonly<Record<string, Probe>>;
  readonly isDraining: () => boolean;
  readonly operations: InFlight;
  readonly turns: Turns;
  readonly mask: ErrorMask;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly operationLog: OperationLog;
  readonly newId: () => string;
  readonly makeExport: MakeExport;
  readonly makeContext: MakeContext<RequestContext>;
  /** Undefined: all operations take the ordinary way. */
  readonly quickOperations: QuickOperations | undefined;
}

/** Everything that arrives over HTTP and is not an upgrade. */
export function createRequestHandler(options: RequestHandlerOptions): RequestListener {
  const { authenticator, graphiql, isDraining, limits, log, mask, metrics, operationLog, operations } =
    options;
  const probes = sharedProbes(options.probes);
  const sideProbes = sharedProbes(options.sideProbes);
  const { corsOrigins, quickOperations, turns, yoga } = options;

  /** Who asks, if they may now. @throws AuthenticationError, RateLimitedError */
  async function admit(req: IncomingMessage, res: ServerResponse, units = 1): Promise<Viewer> {
    const viewer = await limits.authenticate(req, async () =>
      authenticator.authenticate(bearerToken(req.headers.authorization)),
    );
    tellWhatIsLeft(res, await limits.count(viewer, units));
    return viewer;
  }

  function tellWhatIsLeft(res: ServerResponse, verdict: RateVerdict | null): void {
    if (!verdict) return;
    for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) res.setHeader(name, value);
  }

  async function graphql(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    res.once("close", () => exchange.end(res.statusCode));
    if (isDraining()) return respondShuttingDown(res);
    const refusal = refuseRequest(req);
    if (refusal) return respondRefusal(res, refusal);
    exchange.wantsCost = req.headers["x-graphql-cost"] === "1";
    exchange.onSettled = operations.begin();
    const viewer = await admit(req, res);
    exchange.takeTurn = (complexity) =>
      unitsOf(complexity) > 1 ? turns.take(req.socket, complexity) : undefined;
    exchange.takeUnits = async (units) => tellWhatIsLeft(res, await limits.countRest(viewer, units));
    if (req.method === "POST") {
      const body = await readParams(req, res);
      if (!body) return;
      if ("refusal" in body) return respondRefusal(res, body.refusal);
      const { correlationId } = exchange;
      const context = () => options.makeContext({ viewer, correlationId });
      if (await quickOperations?.answer(req, res, exchange, body.params, context)) return;
      // Where Yoga looks for a body that has been read.
      Object.assign(req, { body: body.params });
    }
    await yoga(req, res, { exchange, viewer, connection: req.socket });
  }

  async function exportProject(
    req: IncomingMessage,
    res: ServerResponse,
    exchange: Exchange,
    file: Pick<ExportRequest, "projectId" | "format">,
  ): Promise<void> {
    if (req.method !== "GET" && req.method !== "HEAD") {
      const message = "An export can only be read.";
      return respondJson(res, 405, errorBody(message, "METHOD_NOT_ALLOWED"), { Allow: "GET, HEAD" });
    }
    if (isDraining()) return respondShuttingDown(res);
    res.once("close", () => exchange.end(res.statusCode));
    exchange.operation = { type: "export", field: file.format };
    exchange.onSettled = operations.begin();
    const viewer = await admit(req, res, EXPORT_UNITS[file.format]);
    await respondExport(req, res, options.makeExport, { viewer, ...file });
    exchange.outcome ??= res.statusCode === 200 ? "ok" : "error";
  }

  async function route(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const path = (req.url ?? "/").split("?", 1)[0];
    if (path === GRAPHQL_PATH) {
      // The page itself needs no token: people paste theirs into its header editor.
      return graphiql && wantsPage(req) ? graphiql(req, res) : graphql(req, res, exchange);
    }
    if (req.method === "GET" || req.method === "HEAD") {
      if (path === "/" && graphiql) {
        res.writeHead(302, { Location: GRAPHQL_PATH, "Content-Length": 0 }).end();
        return;
      }
      if (path === "/health/live") return respondJson(res, 200, { status: "live" });
      if (path === "/health/ready") {
        const { ready, status, checks } = await checkReadiness(probes, sideProbes, isDraining());
        return respondJson(res, ready ? 200 : 503, { status, checks });
      }
      if (path === "/metrics") {
        const text = await metrics.render();
        res.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" }).end(text);
        return;
      }
    }
    const file = exportPathOf(path ?? "");
    if (file) return exportProject(req, res, exchange, file);
    respondJson(res, 404, errorBody(`There is nothing at ${req.method} ${path}.`, "NOT_FOUND"));
  }

  return (req, res) => {
    normalizeTarget(req);
    const sent = correlationIdOf(req.headers["x-correlation-id"], options.newId);
    const correlationId = sent ?? options.newId();
    const exchange = new Exchange({ correlationId, log, operationLog, transport: "http", metrics });
    res.setHeader("X-Correlation-Id", correlationId);
    res.setHeader("X-Content-Type-Options", "nosniff");
    const refusal = options.loopbackOnly ? refuseForeignPage(req.headers, corsOrigins) : null;
    if (refusal) return respondJson(res, refusal.status, errorBody(refusal.message, refusal.code));
    if (isForPages(req) && allowOrigins(req, res, corsOrigins)) return;
    if (sent === null) {
      return respondJson(res, 400, errorBody("The header x-correlation-id must be a UUID.", "BAD_REQUEST"));
    }
    route(req, res, exchange).catch((error: unknown) => respondError(res, mask.error(error, exchange)));
  };
}

/** Health and metrics are no business of other sites' pages. */
function isForPages({ url = "" }: IncomingMessage): boolean {
  const path = url.split("?", 1)[0] ?? "";
  return path === GRAPHQL_PATH || exportPathOf(path) !== null;
}

function respondShuttingDown(res: ServerResponse): void {
  const headers = { Connection: "close", "Retry-After": "1" };
  respondJson(res, 503, errorBody("The server is shutting down.", "SHUTTING_DOWN"), headers);
}

/** What is wrong with a request for GraphQL as far as its line and headers tell. */
function refuseRequest(req: IncomingMessage): Refusal | null {
  if (req.method !== "GET" && req.method !== "POST") {
    const message = "GraphQL is asked by GET or POST.";
    return { status: 405, code: "METHOD_NOT_ALLOWED", message, headers: { Allow: "GET, POST" } };
  }
  if (!accepts(req.headers.accept, RESULT_TYPES)) {
    // Found out afterwards, a mutation would have been executed.
    const message = `Accept one of ${RESULT_TYPES.join(", ")}.`;
    return { status: 406, code: "NOT_ACCEPTABLE", message };
  }
  return req.method === "POST" ? refuseBody(req) : refuseParameters(req.url ?? "");
}

/**
 * What is wrong with a GET's parameters: they are not UTF-8, of which URLSearchParams would make U+FFFD; or they should be JSON
 * and are not, which Yoga would take for a fault of its own; or they nest too deep.
 */
function refuseParameters(url: string): Refusal | null {
  if (!isPercentEncodedUtf8(url)) {
    const message = "The URL must be percent-encoded UTF-8.";
    return { status: 400, code: "BAD_REQUEST", message };
  }
  const { searchParams } = new URL(url, "http://localhost");
  for (const name of ["variables", "extensions"]) {
    const text = searchParams.get(name);
    if (text === null) continue;
    const tooDeep = refuseDepth(text);
    if (tooDeep) return tooDeep;
    try {
      JSON.parse(text);
    } catch {
      return { status: 400, code: "BAD_REQUEST", message: `The parameter "${name}" must be JSON.` };
    }
  }
  return null;
}

/** Whether a URL as it arrived holds ASCII only, and its escapes are UTF-8. A "%" that begins no escape stands for itself. */
function isPercentEncodedUtf8(url: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  if (!/^[\x00-\x7f]*$/.test(url)) return false;
  try {
    decodeURIComponent(url.replace(/%(?![0-9a-f]{2})/gi, "%25"));
    return true;
  } catch {
    return false;
  }
}
