import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import type { Random } from "../../support/random.ts";
import { makePostgres, type OwnPostgres, type StopMode } from "./own-postgres.ts";
import { Program } from "./program.ts";

export const TARGETS = [
  "server",
  "start",
  "worker",
  "database",
  "backend",
  "connections",
  "everything",
] as const;
export type Target = (typeof TARGETS)[number];

/** What can be killed on an engine: the embedded database and its worker are in the server. */
export const TARGETS_OF = {
  pglite: ["server", "server", "server", "start"],
  postgres: TARGETS,
} as const satisfies Record<string, readonly Target[]>;
export type Engine = keyof typeof TARGETS_OF;

/** The processes under test: killed one by one or together, and started again as a supervisor would. */
export interface World {
  readonly engine: Engine;
  /** Where the server serves now. */
  readonly url: string;
  /** What a command line needs to open the same database. */
  readonly settings: Readonly<Record<string, string>>;
  /** Kills it, at once. */
  kill(target: Target): Promise<void>;
  /**
   * Starts what is not running and waits until all of it is ready.
   * @returns how long that took, in milliseconds, from its start; for what comes back by itself, from the kill
   */
  recover(target: Target): Promise<number>;
  /** Stops the server and its workers, so that the embedded database can be opened. */
  stop(): Promise<void>;
  /** Everything is gone. */
  remove(): Promise<void>;
}

const POLL_MS = 10;
/** An order of magnitude more than it may take. */
const READY_LIMIT_MS = 60_000;

export async function makeWorld(
  engine: Engine,
  random: Random,
  onError: (line: string) => void,
): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-recovery-"));
  const postgres = engine === "postgres" ? await makePostgres() : null;
  const settings: Record<string, string> = postgres
    ? { DATABASE_URL: postgres.url }
    : { PIPELINE_DB_PATH: join(directory, "database") };
  try {
    return await startWorld(engine, postgres, settings, directory, random, onError);
  } catch (error) {
    await postgres?.remove();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

async function startWorld(
  engine: Engine,
  postgres: OwnPostgres | null,
  settings: Readonly<Record<string, string>>,
  directory: string,
  random: Random,
  onError: (line: string) => void,
): Promise<World> {
  await makeRoom(settings);
  let url = "";
  let killedAt = 0;
  let databaseIsDown = false;
  let server: Program | null = null;
  let worker: Program | null = null;

  async function startServer(): Promise<void> {
    server = new Program(["serve", ...(postgres ? ["--no-jobs"] : [])], settings, onError);
    url = await server.ready();
  }

  async function startWorker(): Promise<void> {
    if (!postgres) return;
    worker = new Program(["worker"], settings, onError);
    await worker.ready();
  }

  async function killServer(): Promise<void> {
    const running = server;
    server = null;
    await running?.kill();
  }

  async function killWorker(): Promise<void> {
    const running = worker;
    worker = null;
    await running?.kill();
  }

  async function killDatabase(mode: StopMode): Promise<void> {
    databaseIsDown = true;
    await postgres?.stop(mode);
  }

  /** A server that is killed while it starts, at some point of that. */
  async function startInVain(): Promise<void> {
    const doomed = new Program(["serve"], settings, onError);
    await delay(random.below(1_500));
    await doomed.kill();
  }

  async function untilReady(): Promise<void> {
    const giveUpAt = performance.now() + READY_LIMIT_MS;
    while (!(await isReady(url))) {
      if (performance.now() > giveUpAt) throw new Error(`${url} is not ready after ${READY_LIMIT_MS} ms`);
      await delay(POLL_MS);
    }
  }

  async function removeAll(): Promise<void> {
    await Promise.all([killServer(), killWorker()]);
    await postgres?.remove();
    rmSync(directory, { recursive: true, force: true });
  }

  try {
    await Promise.all([startServer(), startWorker()]);
    await untilReady();
  } catch (error) {
    await removeAll();
    throw error;
  }

  return {
    engine,
    settings,
    get url() {
      return url;
    },
    async kill(target) {
      killedAt = performance.now();
      switch (target) {
        case "server":
          return killServer();
        case "start":
          await killServer();
          return startInVain();
        case "worker":
          return killWorker();
        case "database":
          return killDatabase("kill");
        case "backend":
          return void (await postgres?.killBackend((count) => random.below(count)));
        case "connections":
          return void (await postgres?.endConnections(3));
        case "everything":
          await Promise.all([killServer(), killWorker(), killDatabase("kill")]);
      }
    },
    async recover(target) {
      const startedAt = target === "backend" || target === "connections" ? killedAt : performance.now();
      if (databaseIsDown) await postgres?.start();
      databaseIsDown = false;
      await Promise.all([server ? null : startServer(), worker ? null : startWorker()]);
      await untilReady();
      return performance.now() - startedAt;
    },
    async stop() {
      await Promise.all([killServer(), killWorker()]);
    },
    remove: removeAll,
  };
}

/** Makes the database, migrated: what is measured later are starts, not its making. */
async function makeRoom(settings: Readonly<Record<string, string>>): Promise<void> {
  const database = await openDatabase({
    embeddedPath: settings.PIPELINE_DB_PATH ?? "",
    ...(settings.DATABASE_URL !== undefined && { databaseUrl: settings.DATABASE_URL }),
  });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
