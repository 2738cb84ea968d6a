import { once } from "node:events";
import type { ClientOptions } from "ws";
import { WebSocket } from "ws";

type Message = Record<string, unknown> & { type: string; id?: string };

/** A graphql-transport-ws client that shows every message, so that tests can also send wrong ones. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly #opened: Promise<unknown>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #received: Message[] = [];
  #arrived: () => void = () => {};
  #over = false;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", options);
    this.#opened = once(this.socket, "open");
    this.socket.on("message", (data) => {
      this.#received.push(JSON.parse(String(data)));
      this.#arrived();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#over = true;
        this.#arrived();
        resolve({ code, reason: String(reason) });
      });
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async init(payload?: unknown): Promise<this> {
    await this.#opened;
    this.send({ type: "connection_init", payload });
    return this;
  }

  async connect(payload?: unknown): Promise<this> {
    await this.init(payload);
    await this.next("connection_ack");
    return this;
  }

  subscribe(id: string, query: string, rest: object = {}): void {
    this.send({ id, type: "subscribe", payload: { query, ...rest } });
  }

  /** Takes the next message of this type (and id), waiting for it; fails when the socket closes first. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
  async next(type: string, id?: string): Promise<Message & { payload?: any }> {
    for (;;) {
      const index = this.#received.findIndex((m) => m.type === type && (id === undefined || m.id === id));
      const [message] = index < 0 ? [] : this.#received.splice(index, 1);
      if (message) return message;
      if (this.#over)
        throw new Error(`socket closed before a ${type} came; had ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}
