import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openDatabase } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServerProcess {
  readonly pid: number;
  /** Waits for the line that says so; rejects when the process ends instead. */
  ready(): Promise<{ url: string; readyMs: number }>;
  readonly ended: Promise<Exit>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
  /** Everything that it has printed so far. */
  readonly output: string;
  /** Waits until it has printed that; rejects when the process ends instead. */
  printed(text: string): Promise<void>;
}

/** How long a test of several starts may take: each is 1 to 3 s on an idle machine, many times that on a busy one. */
export const STARTS_TIMEOUT_MS = 120_000;

/** Starts `src/main.ts` as `npm start` does, on a free port, with only that environment. */
export function startServer(env: Record<string, string>): ServerProcess {
  return watch(spawn(process.execPath, [MAIN], { env: { PORT: "0", ...env } }));
}

/** Runs `npm start` itself: the process is npm, and the server is its child. */
export function npmStart(env: Record<string, string>): ServerProcess {
  const { PATH = "" } = process.env;
  return watch(spawn("npm", ["start"], { cwd: dirname(dirname(MAIN)), env: { PATH, PORT: "0", ...env } }));
}

function watch(child: ChildProcessWithoutNullStreams): ServerProcess {
  child.stdin.end();
  const { pid } = child;
  if (pid === undefined) throw new Error("The server's process did not start.");
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    notify();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let over = false;
  const ended = once(child, "close").then(([code, signal]): Exit => {
    over = true;
    notify();
    return { code, signal, stdout, stderr };
  });

  function printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (stdout.includes(text)) resolve();
        else if (over) reject(new Error(`The server ended without "${text}":\n${stdout}${stderr}`));
        else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  }

  const server: ServerProcess = {
    pid,
    ended,
    printed,
    get output() {
      return stdout;
    },
    async ready() {
      await printed('"msg":"ready"}\n');
      const line = stdout.split("\n").find((each) => each.includes('"msg":"ready"')) ?? "";
      const { url, readyMs } = JSON.parse(line) as { url: string; readyMs: number };
      return { url: url.replace("/graphql", ""), readyMs };
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  return server;
}

/** A place for an embedded database, removed when the test is over. */
export function newPlace(): string {
  const parent = mkdtempSync(join(tmpdir(), "gatehouse-recovery-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, "state", "pipeline.db");
}

/** Makes one migrated embedded database for a file; each call of the result is a copy of it. Call it outside the tests. */
export function useMigratedPlaces(): () => string {
  const parent = mkdtempSync(join(tmpdir(), "gatehouse-recovery-"));
  const original = join(parent, "original.db");
  beforeAll(async () => {
    const database = await openDatabase({ embeddedPath: original });
    await migrate(database);
    await database.close();
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  return () => {
    const place = newPlace();
    cpSync(original, place, { recursive: true });
    return place;
  };
}
