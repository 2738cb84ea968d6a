import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Authenticator } from "../auth/authenticator.ts";
import { AuthenticationError } from "../auth/errors.ts";
import { type Config, ConfigError } from "../config.ts";
import { answerClientErrors } from "./client-errors.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "./connection-limits.ts";
import { createErrorMask } from "./error-mask.ts";
import type { MakeExport } from "./export-route.ts";
import { createGraphiqlPage, type GraphiqlTab } from "./graphiql-page.ts";
import { InFlight } from "./in-flight.ts";
import { LiveStreams } from "./live-streams.ts";
import type { Metrics } from "./metrics.ts";
import { createOperationLog } from "./operation-log.ts";
import type { OutageOf } from "./outage.ts";
import type { PublicErrorClass } from "./public-errors.ts";
import { QuickEvents } from "./quick/quick-events.ts";
import { QuickOperations } from "./quick/quick-operations.ts";
import type { Probe } from "./readiness.ts";
import type { RequestContext } from "./request-context.ts";
import { createRequestHandler } from "./request-handler.ts";
import { RequestLimits, type SharedLimits } from "./request-limits.ts";
import { wantsWebSocket } from "./request-target.ts";
import { systemTimer, type Timer } from "./timer.ts";
import { Turns } from "./turns.ts";
import { UnusedConnections } from "./unused-connections.ts";
import type { WatchAccess } from "./watch-access.ts";
import { createWebSockets } from "./web-sockets.ts";
import { createGraphQLServer, type MakeContext } from "./yoga.ts";

export interface ServerOptions<C extends RequestContext> {
  readonly schema: GraphQLSchema;
  readonly config: Pick<
    Config,
    "host" | "port" | "keepAliveSeconds" | "corsOrigins" | "auth" | "introspection" | "graphiql"
  >;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly authenticator: Authenticator;
  /** Builds what resolvers get, once per operation. */
  readonly makeContext: MakeContext<C>;
  /** What GET /health/ready asks, by name. */
  readonly probes: Readonly<Record<string, Probe>>;
  /** The same of what the server can do without. */
  readonly sideProbes?: Readonly<Record<string, Probe>>;
  /** Limits over all connections and nodes; none unless given. */
  readonly limits?: SharedLimits;
  /** Makes a UUID, for correlation ids. */
  readonly newId: () => string;
  /** Called by `stop` once no operation is running and clients have been cut off: end the sources of subscriptions here. */
  readonly onDrain?: () => Promise<void>;
  /** Errors of these classes tell the client what is wrong with its input (BAD_USER_INPUT); all others are masked. */
  readonly inputErrors?: readonly PublicErrorClass[];
  /** Tells the database's absence from a fault of the program: none is, unless given. */
  readonly outageOf?: OutageOf;
  readonly graphiqlTabs?: readonly GraphiqlTab[];
  /** Makes what GET /export answers with. */
  readonly makeExport: MakeExport;
  /** Whether operations that are known may take the quick way to the same answer; true unless told. */
  readonly quick?: boolean;
  readonly timer?: Timer;
  /** Says when a viewer may have nothing open any more; never unless given. */
  readonly watchAccess?: WatchAccess;
  /** Other limits of connections than the usual ones. */
  readonly connections?: Partial<ConnectionLimits>;
  /** How long `stop` waits before it cuts connections, in milliseconds. */
  readonly drainTimeoutMs?: number;
}

export interface Server {
  /** `http://host:port`, without a path. Known once started. */
  readonly url: string;
  /** Resolves when the server listens. Throws ConfigError when it cannot. */
  start(): Promise<void>;
  /**
   * Stops accepting, lets running operations finish, closes every connection: WebSockets with 1012, streams over SSE without
   * `complete`, so that clients subscribe again. Never takes longer than the drain timeout. Calling it again waits for the same
   * stop.
   */
  stop(): Promise<void>;
}

const DRAIN_TIMEOUT_MS = 10_000;

/** Puts the transports together. Nothing listens before `start`. */
export function createServer<C extends RequestContext>(options: ServerOptions<C>): Server {
  const { config, log, metrics, timer = systemTimer, drainTimeoutMs = DRAIN_TIMEOUT_MS } = options;
  const loopbackOnly = config.auth.kind === "development";
  const connections: ConnectionLimits = {
    ...CONNECTION_LIMITS,
    keepAliveTimeoutMs: config.keepAliveSeconds * 1_000,
    ...options.connections,
  };
  const outageOf = options.outageOf ?? (() => null);
  const mask = createErrorMask(options.inputErrors ?? [], {
    suggestions: config.introspection,
    outageOf,
  });
  const operations = new InFlight();
  const turns = new Turns();
  const streams = new LiveStreams(mask, metrics);
  const eventStreams = new Set<Socket>();
  const limits = new RequestLimits(options.limits ?? {});
  const { watchAccess = () => () => {} } = options;
  let draining = false;
  let stopped: Promise<void> | undefined;
  const isDraining = () => draining;

  const { quick = true } = options;
  const quickOperations = quick ? new QuickOperations(options.schema) : undefined;
  const yoga = createGraphQLServer({
    quickEvents: quick ? new QuickEvents() : undefined,
    onExecuted: quickOperations && ((...executed) => quickOperations.learn(...executed)),
    schema: options.schema,
    mask,
    limits,
    makeContext: options.makeContext,
    outageOf,
    introspection: config.introspection,
    openSse(source, { exchange, viewer, connection }) {
      let cancelExpiry = () => {};
      // Yoga takes the time limit off the connections of streams, a moment from now. Its pings keep those alive that are read.
      setImmediate(() => connection?.setTimeout(connections.idleTimeoutMs));
      let stopWatching = () => {};
      const stream = streams.open(source, exchange, () => {
        cancelExpiry();
        stopWatching();
        if (connection) eventStreams.delete(connection);
      });
      if (connection) eventStreams.add(connection);
      const end = (error: Error) => stream.finish({ errors: [mask.error(error, exchange)] });
      stopWatching = watchAccess(viewer, end);
      if (viewer.expiresAt) {
        cancelExpiry = timer.at(viewer.expiresAt, () => end(new AuthenticationError("Token expired.")));
      }
      return stream;
    },
  });
  const graphiql = config.graphiql
    ? createGraphiqlPage({
        tabs: options.graphiqlTabs ?? [],
        subscriptions: loopbackOnly ? "WS" : "SSE",
      })
    : null;
  const { sideProbes = {} } = options;
  const shared = {
    ...options,
    sideProbes,
    yoga,
    quickOperations,
    limits,
    streams,
    operations,
    turns,
    mask,
    operationLog: createOperationLog(log),
    outageOf,
    timer,
    watchAccess,
    isDraining,
    loopbackOnly,
    corsOrigins: config.corsOrigins,
  };
  const webSockets = createWebSockets(shared);
  const http = createHttpServer(
    {
      maxHeaderSize: connections.maxHeaderBytes,
      headersTimeout: connections.headersTimeoutMs,
      requestTimeout: connections.requestTimeoutMs,
      keepAliveTimeout: connections.keepAliveTimeoutMs,
      connectionsCheckingInterval: connections.checkIntervalMs,
      // From Node.js 22.21 on; an earlier one would take every Upgrade for a WebSocket's.
      shouldUpgradeCallback: wantsWebSocket,
    },
    createRequestHandler({ ...shared, graphiql }),
  );
  http.maxConnections = connections.maxConnections;
  http.timeout = connections.idleTimeoutMs;
  answerClientErrors(http);
  // Whoever asks first whether its body may come is told by the handler, once it knows that it will read it.
  http.on("checkContinue", (req, res) => http.emit("request", req, res));
  const unused = new UnusedConnections(http);
  http.on("upgrade", webSockets.upgrade);
  http.on("request", (_req, res) => {
    res.once("close", () => {
      // A connection that becomes idle after close() would otherwise linger for the keep-alive timeout.
      if (draining) setImmediate(() => http.closeIdleConnections());
    });
  });

  async function drain(): Promise<void> {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    unused.close();
    await operations.idle();
    // `complete` would tell clients that their subscription has ended, and they would not come back. So they are cut off before
    // the sources end: what has been written still goes out, and nothing more does.
    webSockets.close();
    for (const connection of eventStreams) connection.destroySoon();
    await options.onDrain?.().catch((err: unknown) => log.error({ err }, "onDrain failed"));
    await closed;
  }

  async function stop(): Promise<void> {
    draining = true;
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      deadline = setTimeout(() => resolve("late"), drainTimeoutMs);
    });
    const outcome = await Promise.race([drain(), late]);
    clearTimeout(deadline);
    if (outcome !== "late") return;
    log.warn({ drainTimeoutMs }, "cutting connections that did not end in time");
    webSockets.terminate();
    http.closeAllConnections();
  }

  return {
    get url() {
      const address = http.address() as AddressInfo | null;
      if (!address) throw new Error("The server is not listening.");
      return `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${address.port}`;
    },
    start: () =>
      new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, config));
        http.once("error", fail);
        http.listen(config.port, config.host, () => {
          http.off("error", fail);
          resolve();
        });
      }),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function listenError(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (error.code === "EADDRINUSE") {
    return new ConfigError(
      "PORT",
      `${port} is in use on ${host}`,
      "a free port (or stop what listens there)",
    );
  }
  if (error.code === "EACCES")
    return new ConfigError("PORT", `${port} may not be opened`, "a port above 1023");
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return new ConfigError("HOST", `${host} is not an address of this machine`, "an address to listen on");
  }
  return error;
}
