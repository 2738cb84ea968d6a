import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask } from "./ask.ts";
import type { Commit } from "./commit-probe.ts";
import type { LoopDelay, Memory, Probed } from "./memory-probe.ts";
import type { Place } from "./place.ts";
import type { Scope } from "./run-bench.ts";

export interface RunningServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Asks it how much memory it holds after a garbage collection. */
  memory(): Promise<Memory>;
  /** Asks it how much memory it has now, in bytes: what is no longer used, but not yet collected, among it. */
  rss(): Promise<number>;
  /** Asks it how much processor time it has used, in milliseconds, in all its threads. */
  cpuMs(): Promise<number>;
  /** Asks it by how much timers of its event loop were late since it was asked for the last time. */
  loopDelay(): Promise<LoopDelay>;
  /** When its transactions were committed, on the monotonic clock; only where that was asked for. */
  readonly commits: readonly number[];
  /** @throws when it does not end in time and with 0, or has logged an error */
  stop(): Promise<void>;
}

const READY_MS = 20_000;
/** The server gives itself 10 s to drain. */
const STOP_MS = 15_000;
/** The programs that can be started: the real one, and one without what guards and watches it. */
const MAINS = {
  real: new URL("../../src/main.ts", import.meta.url),
  unguarded: new URL("./unguarded-main.ts", import.meta.url),
};
const MEMORY_PROBE = new URL("./memory-probe.ts", import.meta.url);
const COMMIT_PROBE = new URL("./commit-probe.ts", import.meta.url);

/**
 * Starts the real server (src/main.ts) as a process of its own on a free loopback port, with its ordinary settings:
 * one log line per operation, metrics, no cache. With BENCH_CPU_PROFILE_DIR it leaves a CPU profile there.
 */
export async function startServer(
  scope: Scope,
  place: Place,
  { reportCommits = false, main = "real" }: { reportCommits?: boolean; main?: keyof typeof MAINS } = {},
): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-bench-log-"));
  scope.defer(() => rmSync(directory, { recursive: true, force: true }));
  const logFile = join(directory, "log");
  const profileDirectory = process.env.BENCH_CPU_PROFILE_DIR;
  const child = spawn(
    process.execPath,
    [
      ...(profileDirectory ? ["--cpu-prof", `--cpu-prof-dir=${profileDirectory}`] : []),
      `--import=${MEMORY_PROBE}`,
      ...(reportCommits ? [`--import=${COMMIT_PROBE}`] : []),
      fileURLToPath(MAINS[main]),
    ],
    {
      stdio: ["ignore", openSync(logFile, "a"), "inherit", "ipc"],
      env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: "0", SEED_DEMO: "false", ...place.settings },
    },
  );
  const exited = once(child, "exit");
  scope.defer(() => child.kill("SIGKILL"));
  const commits: number[] = [];
  child.on("message", (message: Partial<Commit>) => {
    if (message.committedAt !== undefined) commits.push(message.committedAt);
  });
  const log = watchLog(child, logFile);
  const url = await within(READY_MS, log.url, "The server was not ready in time.");
  return {
    url,
    commits,
    memory: () => ask<Memory>(child, "memory" satisfies Probed),
    rss: () => ask<number>(child, "rss" satisfies Probed),
    cpuMs: () => ask<number>(child, "cpu" satisfies Probed),
    loopDelay: () => ask<LoopDelay>(child, "delay" satisfies Probed),
    async stop() {
      child.kill("SIGTERM");
      const [code] = await within(STOP_MS, exited, "The server did not stop in time.");
      if (code !== 0) throw new Error(`The server ended with ${code}.`);
      const [error] = log.errors();
      if (error !== undefined) throw new Error(`The server logged errors: ${error}`);
    },
  };
}

/**
 * The server's log: the address from the line that says "ready", and afterwards the lines of errors. It goes to a file, as
 * behind a supervisor: a pipe to this process, which is busy with the load, would be full at times and hold the server up.
 */
function watchLog(child: ChildProcess, file: string): { url: Promise<string>; errors: () => string[] } {
  const url = new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const ready = /"url":"(http:\/\/127\.0\.0\.1:\d+)\/graphql".*"msg":"ready"/.exec(
        readFileSync(file, "utf8"),
      );
      if (!ready?.[1]) return;
      clearInterval(look);
      resolve(ready[1]);
    }, 20);
    child.once("exit", (code) => {
      clearInterval(look);
      reject(new Error(`The server ended with ${code} before it was ready.`));
    });
  });
  const errors = () =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /"level":[56]0/.test(line));
  return { url, errors };
}

async function within<T>(ms: number, promise: Promise<T>, problem: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
