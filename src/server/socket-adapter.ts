import type { Duplex } from "node:stream";
import type { WebSocket as GraphQLSocket } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { OperationIds } from "./operation-ids.ts";
import { refuseDepth } from "./request-body.ts";
import { endSlowReader } from "./slow-reader.ts";

/** With more than this on its way to a client the next message waits. What is smaller goes out together. */
const ON_ITS_WAY_BYTES = 64 * 1024;

/**
 * What graphql-ws needs of a `ws` socket. Its own `useServer` does the same, but prints a client's faults (an oversized
 * message, say) with console.error; here they are the client's problem and one line at debug level.
 */
export function adaptSocket(socket: WebSocket, connection: Duplex, log: Logger): GraphQLSocket {
  socket.on("error", (err) => log.debug({ err }, "websocket error"));
  const ids = new OperationIds();
  const holdBack = twoWritesPerTurn(connection);
  return {
    protocol: socket.protocol,
    // Resolves when few enough bytes are on their way: a slow reader slows its own subscriptions down.
    send(data) {
      const text = ids.toClient(data);
      if (text === null || socket.readyState !== socket.OPEN || endSlowReader(socket)) return;
      holdBack();
      if (socket.bufferedAmount < ON_ITS_WAY_BYTES) return socket.send(text);
      return new Promise((resolve, reject) => {
        socket.send(text, (error) => (error ? reject(error) : resolve()));
      });
    },
    close: (code, reason) => socket.close(code, reason),
    onMessage: (handle) => {
      socket.on("message", (data, isBinary) => {
        // Messages that were on their way when the socket was closed arrive all the same, and count no more.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary) return socket.close(4400, "Messages are text");
        const text = String(data);
        if (refuseDepth(text)) return socket.close(4400, "Message nests too deep");
        const verdict = ids.fromClient(text);
        if (verdict.kind === "close") return socket.close(verdict.code, verdict.reason);
        if (verdict.kind === "ignore") return;
        handle(verdict.text).catch((err: unknown) => {
          if (socket.readyState !== socket.OPEN) return;
          log.error({ err }, "websocket message failed");
          socket.close(4500, "Internal server error");
        });
      });
    },
  };
}

/**
 * Lets what is written in one turn of the event loop go out in two writes: the first message at once, the others together.
 * A write for each would be most of what a replay costs.
 *
 * @returns what is to be called before each message
 */
function twoWritesPerTurn(connection: Duplex): () => void {
  let written: "NOTHING" | "ONE" | "MORE" = "NOTHING";
  const endTurn = () => {
    if (written === "MORE") connection.uncork();
    written = "NOTHING";
  };
  return () => {
    if (written === "NOTHING") {
      written = "ONE";
      process.nextTick(endTurn);
    } else if (written === "ONE") {
      written = "MORE";
      connection.cork();
    }
  };
}

/** Pings at this interval and drops a socket that did not answer the last one. Returns how to stop. */
export function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let alive = true;
  socket.on("pong", () => {
    alive = true;
  });
  const interval = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, intervalMs);
  interval.unref();
  return () => clearInterval(interval);
}
