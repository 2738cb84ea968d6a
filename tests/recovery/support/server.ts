import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openDatabase } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { type ObservedProcess, observe } from "../../support/process.ts";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

export interface ServerProcess extends ObservedProcess {
  /** Waits for the line that says so; rejects when the process ends instead. */
  ready(): Promise<{ url: string; readyMs: number }>;
}

/** How long a test of several starts may take: each is 1 to 3 s on an idle machine, many times that on a busy one. */
export const STARTS_TIMEOUT_MS = 120_000;

/**
 * Starts `src/main.ts` as `npm start` does, on a free port, with only that environment.
 * @param wrapper a program that runs the command line it is given in its own process, such as `unshare`
 */
export function startServer(env: Record<string, string>, wrapper: readonly string[] = []): ServerProcess {
  const [program = process.execPath, ...args] = [...wrapper, process.execPath, MAIN];
  return server(spawn(program, args, { env: { PORT: "0", ...env } }));
}

/** Runs `npm start` itself: the process is npm, and the server is its child. */
export function npmStart(env: Record<string, string>): ServerProcess {
  const { PATH = "" } = process.env;
  return server(spawn("npm", ["start"], { cwd: dirname(dirname(MAIN)), env: { PATH, PORT: "0", ...env } }));
}

function server(child: ChildProcessWithoutNullStreams): ServerProcess {
  const observed = observe(child);
  return {
    ...observed,
    get output() {
      return observed.output;
    },
    async ready() {
      await observed.printed('"msg":"ready"}\n');
      const line = observed.output.split("\n").find((each) => each.includes('"msg":"ready"')) ?? "";
      const { url, readyMs } = JSON.parse(line) as { url: string; readyMs: number };
      return { url: url.replace("/graphql", ""), readyMs };
    },
  };
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
