import { once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** What came over the socket; whatever it is, so that a test can say what it must be. */
// biome-ignore lint/suspicious/noExplicitAny: a black box
type Message = any;

/** One end of a WebSocket that knows nothing of GraphQL: every message is sent as given and kept as it came. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly received: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #over = false;
  #pings = 0;
  #arrived: () => void = () => {};

  constructor(url: string, protocols: string[] = ["graphql-transport-ws"]) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, protocols);
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) throw new Error("The server sent a binary frame.");
      this.received.push(JSON.parse(String(data)));
      this.#arrived();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#over = true;
        this.#arrived();
        resolve({ code, reason: String(reason) });
      });
    });
    onTestFinished(() => this.socket.terminate());
  }

  /** A socket on which nothing has been said yet. */
  static async open(url: string): Promise<RawSocket> {
    const socket = new RawSocket(url);
    await once(socket.socket, "open");
    return socket;
  }

  /** A socket whose connection the server has acknowledged. */
  static async connect(url: string, payload?: unknown): Promise<RawSocket> {
    const socket = await RawSocket.open(url);
    socket.send({ type: "connection_init", payload });
    await socket.until(({ type }) => type === "connection_ack");
    socket.received.length = 0;
    return socket;
  }

  /** Sends text or bytes as they are, anything else as JSON. */
  send(message: unknown): void {
    this.socket.send(
      typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message),
    );
  }

  subscribe(id: string, query: string, rest: object = {}): void {
    this.send({ id, type: "subscribe", payload: { query, ...rest } });
  }

  complete(id: string): void {
    this.send({ id, type: "complete" });
  }

  /** Waits for a message; all that came before it stay in `received`. */
  async until(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.received.find(wanted);
      if (found) return found;
      if (this.#over) throw new Error(`The socket was closed; it had ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Takes what has come until the server answers a ping: it has then read all that was sent before. */
  async settled(): Promise<Message[]> {
    this.#pings += 1;
    const fence = `fence ${this.#pings}`;
    this.send({ type: "ping", payload: { fence } });
    const pong = await this.until((message) => message.payload?.fence === fence);
    const before = this.received.splice(0, this.received.indexOf(pong) + 1);
    return before.slice(0, -1);
  }

  /** Takes what has come, in any order, until that many messages are there. */
  async take(count: number): Promise<Message[]> {
    await this.until(() => this.received.length >= count);
    return this.received.splice(0, count);
  }
}

/** Shakes hands by hand: the subprotocol that the server chose, and the code of its first close frame. */
export async function handshake(url: string, protocols: string): Promise<{ chosen?: string; code: number }> {
  const req = request(`${url}/graphql`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.from("0123456789abcdef").toString("base64"),
      "sec-websocket-protocol": protocols,
    },
  });
  req.end();
  const [response, stream, head] = (await once(req, "upgrade")) as [
    { headers: Record<string, string> },
    Duplex,
    Buffer,
  ];
  onTestFinished(() => void stream.destroy());
  const chosen = response.headers["sec-websocket-protocol"];
  let bytes = head;
  while (bytes.length < 4) bytes = Buffer.concat([bytes, ((await once(stream, "data")) as [Buffer])[0]]);
  // 0x88: a close frame, not fragmented and not masked. Then its length and the code.
  if (bytes[0] !== 0x88) throw new Error(`This is no close frame: ${bytes.toString("hex")}`);
  return { ...(chosen !== undefined && { chosen }), code: bytes.readUInt16BE(2) };
}
