import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Told of each text message: its bytes are `buffer[start..end)`, and only until it returns. */
export type OnText = (buffer: Buffer, start: number, end: number) => void;

/** All sockets read into the same memory, one after the other. */
const SHARED = Buffer.allocUnsafeSlow(256 * 1024);
const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/**
 * A client's end of a WebSocket, without anything that a benchmark does not need: it reads frames where they arrived and
 * makes no objects of them, so that thousands of sockets leave the machine to the server that is measured. Messages
 * come in one frame each, as servers here send them; anything else ends the process.
 */
export class FrameSocket {
  readonly #socket: Socket;
  readonly #onText: OnText;
  /** The beginning of a frame whose rest has not come. */
  #rest: Buffer | null = null;
  #isOpen = false;

  private constructor(socket: Socket, onText: OnText) {
    this.#socket = socket;
    this.#onText = onText;
  }

  /** Opens one with the subprotocol graphql-transport-ws. */
  static async open(httpUrl: string, onText: OnText): Promise<FrameSocket> {
    const { hostname, port, host } = new URL(httpUrl);
    const opened = Promise.withResolvers<void>();
    let client: FrameSocket;
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: SHARED,
        callback: (length) => {
          client.#read(length, opened.resolve);
          return true;
        },
      },
    });
    client = new FrameSocket(socket, onText);
    socket.once("error", opened.reject);
    socket.once("close", () => opened.reject(new Error("The socket was closed.")));
    const lines = [
      "GET /graphql HTTP/1.1",
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Protocol: graphql-transport-ws",
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    await opened.promise;
    return client;
  }

  send(message: object): void {
    this.#write(TEXT, Buffer.from(JSON.stringify(message)));
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#write(CLOSE, Buffer.from([1000 >> 8, 1000 & 0xff]));
    await closed;
  }

  #read(length: number, onOpen: () => void): void {
    let buffer = SHARED;
    let end = length;
    if (this.#rest) {
      buffer = Buffer.concat([this.#rest, SHARED.subarray(0, length)]);
      end = buffer.length;
      this.#rest = null;
    }
    let at = 0;
    if (!this.#isOpen) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head === -1 || head >= end) {
        this.#keep(buffer, at, end);
        return;
      }
      const status = buffer.toString("latin1", 0, 12);
      if (status !== "HTTP/1.1 101") throw new Error(`The upgrade was answered with ${status}`);
      this.#isOpen = true;
      at = head + 4;
      onOpen();
    }
    while (at < end) {
      const next = this.#frame(buffer, at, end);
      if (next === null) {
        this.#keep(buffer, at, end);
        return;
      }
      at = next;
    }
  }

  #keep(buffer: Buffer, start: number, end: number): void {
    this.#rest = Buffer.from(buffer.subarray(start, end));
  }

  /** @returns where the next frame begins, null where this one is not all there */
  #frame(buffer: Buffer, at: number, end: number): number | null {
    if (end - at < 2) return null;
    let size = (buffer[at + 1] ?? 0) & 0x7f;
    let start = at + 2;
    if (size === 126) {
      if (end - at < 4) return null;
      size = buffer.readUInt16BE(start);
      start += 2;
    } else if (size === 127) {
      if (end - at < 10) return null;
      size = Number(buffer.readBigUInt64BE(start));
      start += 8;
    }
    const next = start + size;
    if (next > end) return null;
    // The final bit is set, and no extension's is.
    const first = buffer[at] ?? 0;
    if (first === (0x80 | TEXT)) this.#onText(buffer, start, next);
    else if (first === (0x80 | PING)) this.#write(PONG, Buffer.from(buffer.subarray(start, next)));
    else if (first === (0x80 | CLOSE)) this.#socket.end();
    else throw new Error(`A frame began with ${first}.`);
    return next;
  }

  /** A client's frames are masked; with zeros that changes nothing. */
  #write(opcode: number, payload: Buffer): void {
    const isShort = payload.length < 126;
    const head = Buffer.alloc(isShort ? 6 : 8);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (isShort ? payload.length : 126);
    if (!isShort) head.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }
}
