import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import { handleProtocols, makeServer } from "graphql-ws";
import { type ServerOptions, WebSocketServer } from "ws";
import type { Authenticator } from "../auth/authenticator.ts";
import { refuseForeignPage, refuseForeignSocket } from "./loopback-guard.ts";
import type { OutageOf } from "./outage.ts";
import { normalizeTarget } from "./request-target.ts";
import { errorBody, refuseUpgrade } from "./respond.ts";
import { adaptSocket, keepAlive } from "./socket-adapter.ts";
import { createSocketOperations, type SocketOperationsOptions } from "./socket-operations.ts";
import { SocketSession } from "./socket-session.ts";
import type { Timer } from "./timer.ts";
import { discardRest } from "./unread-body.ts";
import type { WatchAccess } from "./watch-access.ts";
import { GRAPHQL_PATH } from "./yoga.ts";

/** `ws` accepts 100 MB where it is told nothing. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
export const MAX_OPERATIONS_PER_SOCKET = 100;
const TOO_MANY_OPERATIONS = 4429;
/** Clients connect again after it, and subscribe again: their subscriptions have not ended. */
const SERVICE_RESTART = 1012;
const CONNECTION_INIT_TIMEOUT_MS = 5_000;
const PING_INTERVAL_MS = 12_000;
/** How long a client that was closed has to read what waits for it and to say goodbye. */
const CLOSE_TIMEOUT_MS = 5_000;

export interface WebSocketsOptions extends SocketOperationsOptions {
  readonly authenticator: Authenticator;
  readonly timer: Timer;
  readonly outageOf: OutageOf;
  readonly watchAccess: WatchAccess;
  readonly loopbackOnly: boolean;
  /** The origins whose pages may ask. */
  readonly corsOrigins: readonly string[];
}

export interface WebSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Asks every client to go and to come back: to another node, or to this one when it has been started again. */
  close(): void;
  /** Does not ask. */
  terminate(): void;
}

/** GraphQL over WebSocket (subprotocol graphql-transport-ws) on the path of the HTTP endpoint. */
export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { authenticator, corsOrigins, isDraining, limits, log, loopbackOnly, metrics, outageOf } = options;
  const { timer, watchAccess } = options;
  const { prepare, execute, subscribe } = createSocketOperations(options);
  // `closeTimeout` is younger than the types of ws.
  const settings: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols,
  };
  const sockets = new WebSocketServer(settings);

  const protocol = makeServer<Record<string, unknown>, SocketSession>({
    // The session's, which runs on our timer.
    connectionInitWaitTimeout: 0,
    onConnect: ({ connectionParams, extra }) =>
      extra.admit(connectionParams, authenticator, limits, timer, watchAccess, outageOf),
    async onSubscribe({ subscriptions, extra }, _id, payload) {
      // graphql-ws has entered this one already.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
        const message = `A socket carries at most ${MAX_OPERATIONS_PER_SOCKET} operations at once.`;
        extra.socket.close(TOO_MANY_OPERATIONS, message);
        return [new GraphQLError(message)];
      }
      return prepare(extra, payload);
    },
    execute,
    subscribe,
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors && ({ ...result, errors: result.errors.map(visibleError) } as FormattedExecutionResult),
    onError: (_context, _id, _payload, errors) => errors.map(visibleError),
  });

  sockets.on("connection", (socket, request) => {
    const stopPings = keepAlive(socket, PING_INTERVAL_MS);
    const countClosed = metrics.webSocketOpened();
    const session = new SocketSession(socket, request);
    session.expectInitBy(new Date(Date.now() + CONNECTION_INIT_TIMEOUT_MS), timer);
    // The rest of a message that is too large (ws has closed the socket for it) is not worth reading either.
    socket.once("error", () => discardRest(request.socket, () => socket.terminate()));
    const closed = protocol.opened(adaptSocket(socket, request.socket, log), session);
    socket.once("close", (code, reason) => {
      stopPings();
      countClosed();
      closed(code, String(reason)).catch((err: unknown) => log.error({ err }, "websocket close failed"));
    });
  });

  return {
    upgrade(request, socket, head) {
      socket.on("error", (err) => log.debug({ err }, "upgrade failed"));
      normalizeTarget(request);
      // Of several protocols that a client offers this is the one that is spoken here; ws reads a list as an unknown one.
      request.headers.upgrade = "websocket";
      const refusal = (loopbackOnly ? refuseForeignPage : refuseForeignSocket)(request.headers, corsOrigins);
      if (refusal) return refuseUpgrade(socket, refusal.status, errorBody(refusal.message, refusal.code));
      if (request.url?.split("?", 1)[0] !== GRAPHQL_PATH) {
        return refuseUpgrade(
          socket,
          404,
          errorBody(`WebSockets are served at ${GRAPHQL_PATH}.`, "NOT_FOUND"),
        );
      }
      if (isDraining()) {
        return refuseUpgrade(socket, 503, errorBody("The server is shutting down.", "SHUTTING_DOWN"));
      }
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
    },
    close() {
      for (const client of sockets.clients) client.close(SERVICE_RESTART, "Service restart");
    },
    terminate() {
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** `extensions.http` is for the HTTP transport's status line. */
function visibleError(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const formatted = error instanceof GraphQLError ? error.toJSON() : error;
  if (!formatted.extensions?.http) return formatted;
  const { http: _http, ...extensions } = formatted.extensions;
  return { ...formatted, extensions };
}
