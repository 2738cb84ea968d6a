import { connect, type Socket } from "node:net";
import { check } from "./run-bench.ts";

/** A request as it goes over the wire, and whether an answer to it is a right one. */
export interface Shot {
  readonly request: Buffer;
  /** @param body the whole body where it is short, otherwise its beginning */
  readonly fits: (body: string, bytes: number) => boolean;
}

/** What one connection sends next; it is called when the answer before has come. */
export type Gunner = () => Shot;

const HEAD_END = Buffer.from("\r\n\r\n");
/** Of a longer answer only the length is looked at. */
const LOOKED_AT = 16_384;

/** A GraphQL request over HTTP/1.1, ready to be written to a socket. */
export function graphqlRequest(body: string): Buffer {
  const head = [
    "POST /graphql HTTP/1.1",
    "host: 127.0.0.1",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Sends requests over kept connections, one at a time over each, with as little work of its own as can be: it shares the
 * machine with what it measures.
 *
 * @param gunners one connection each; @param urls the servers, to which the connections go in turn
 * @param pause what to wait for before each request; nothing unless given
 * @returns right answers per second and the milliseconds of each @throws at the first wrong one
 */
export async function rawLoad(
  urls: readonly string[],
  gunners: readonly Gunner[],
  ms: number,
  pause?: () => Promise<void>,
): Promise<{ readonly perSecond: number; readonly times: number[] }> {
  const times: number[] = [];
  const until = performance.now() + ms;
  const startedAt = performance.now();
  await Promise.all(
    gunners.map(async (next, at) => {
      const line = new Line(new URL(urls[at % urls.length] ?? "").port);
      try {
        await line.open();
        while (performance.now() < until) {
          if (pause) await pause();
          const { request, fits } = next();
          const sentAt = performance.now();
          const { status, body, bytes } = await line.send(request);
          check(status === 200 && fits(body, bytes), `A wrong answer (${status}, ${bytes} bytes): ${body}`);
          times.push(performance.now() - sentAt);
        }
      } finally {
        line.close();
      }
    }),
  );
  return { perSecond: (times.length / (performance.now() - startedAt)) * 1_000, times };
}

interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly bytes: number;
}

/** One kept connection with at most one request under way; answers must tell their length. */
class Line {
  readonly #socket: Socket;
  #head: Buffer = Buffer.alloc(0);
  #status = 0;
  #bytes = 0;
  #left = -1;
  #kept: Buffer[] = [];
  #settle: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | null = null;

  constructor(port: string) {
    this.#socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk) => this.#take(chunk));
    this.#socket.on("error", (error) => this.#settle?.reject(error));
    this.#socket.on("close", () => this.#settle?.reject(new Error("The server closed a connection.")));
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once("connect", resolve).once("error", reject);
    });
  }

  send(request: Buffer): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = null;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#left >= 0) {
      this.#body(chunk);
      return;
    }
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.toString("latin1", 0, end);
    const rest = this.#head.subarray(end + HEAD_END.length);
    this.#head = Buffer.alloc(0);
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#settle?.reject(new Error(`An answer does not tell its length: ${head}`));
      return;
    }
    this.#bytes = Number(length);
    this.#left = this.#bytes;
    this.#body(rest);
  }

  #body(chunk: Buffer): void {
    this.#left -= chunk.length;
    if (this.#kept.length === 0 || this.#bytes <= LOOKED_AT) this.#kept.push(chunk);
    if (this.#left > 0) return;
    const body = (this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept))?.toString() ?? "";
    const { resolve } = this.#settle ?? {};
    this.#left = -1;
    this.#kept = [];
    this.#settle = null;
    resolve?.({ status: this.#status, body, bytes: this.#bytes });
  }
}
