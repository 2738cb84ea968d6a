import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps the connections that have not sent a request yet, as browsers and load balancers open them ahead of
 * need. Node counts them neither as idle nor as busy: without this, a shutdown would wait for them.
 */
export class UnusedConnections {
  readonly #sockets = new Set<Socket>();

  constructor(http: Server) {
    http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    http.on("request", ({ socket }) => this.#sockets.delete(socket));
    http.on("upgrade", ({ socket }) => this.#sockets.delete(socket));
  }

  /** Closes them, but for those on which a request has begun to arrive. */
  close(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
