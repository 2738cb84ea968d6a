import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../../bin/gatehouse.js", import.meta.url));
/** Far more than it may take; a start that takes longer hangs. */
const READY_LIMIT_MS = 60_000;
const KEPT_LINES = 40;

export interface Exit {
  readonly code: number | null;
  readonly output: string;
}

/** One `gatehouse …` as a process of its own. */
export class Program {
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #lines: string[] = [];
  readonly #ready = Promise.withResolvers<string>();
  readonly #onError: (line: string) => void;
  #rest = "";

  /** @param onError is told of each line of the log that reports an error. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    onError: (line: string) => void = () => {},
  ) {
    this.#onError = onError;
    const { PATH = "" } = process.env;
    this.#child = spawn(process.execPath, [BIN, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH, HOST: "127.0.0.1", PORT: "0", SEED_DEMO: "false", ...env },
    });
    this.#exited = once(this.#child, "close");
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#ready.promise.catch(() => {});
    this.#child.once("close", () =>
      this.#ready.reject(new Error(`gatehouse ${args[0]} ended:\n${this.#lines.join("\n")}`)),
    );
  }

  /** The address that it serves, empty for a worker. Rejects when it ends instead. */
  async ready(): Promise<string> {
    const limit = new AbortController();
    const late = delay(READY_LIMIT_MS, null, { signal: limit.signal }).then(
      () => Promise.reject(new Error(`Not ready in ${READY_LIMIT_MS} ms:\n${this.#lines.join("\n")}`)),
      () => new Promise<never>(() => {}),
    );
    try {
      return await Promise.race([this.#ready.promise, late]);
    } finally {
      limit.abort();
    }
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async exit(): Promise<Exit> {
    await this.#exited;
    return { code: this.#child.exitCode, output: this.#lines.join("\n") };
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#lines.push(line);
      if (line.includes('"level":50') || line.includes('"level":60')) this.#onError(line);
      if (!line.includes('"msg":"ready"')) continue;
      const { url = "" } = JSON.parse(line) as { url?: string };
      this.#ready.resolve(url.replace("/graphql", ""));
    }
    this.#lines.splice(0, this.#lines.length - KEPT_LINES);
  }
}
