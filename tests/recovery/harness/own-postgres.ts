import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

/** How a server is told to stop. `fast` ends its sessions, `immediate` leaves recovery to the next start. */
const STOP_SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT", kill: "SIGKILL" } as const;
export type StopMode = keyof typeof STOP_SIGNALS;

/** A crashed server's orphans hold its memory for a moment, and recovery takes its time. */
const START_LIMIT_MS = 60_000;

const MAX_CONNECTIONS = 80;

/** A PostgreSQL server that can be killed without hurting anybody: its own files, its own port. */
export interface OwnPostgres {
  /** Of the database `gatehouse`, which is empty at first. */
  readonly url: string;
  /** Resolves when it answers, with how long that took in milliseconds. */
  start(): Promise<number>;
  /** Resolves when its main process is gone. */
  stop(mode: StopMode): Promise<void>;
  /** Ends one server process with SIGKILL, on which PostgreSQL restarts all of them. False: there was none. */
  killBackend(choose: (count: number) => number): Promise<boolean>;
  /** Ends that many connections, chosen by chance, as an administrator does. @returns how many there were */
  endConnections(count: number): Promise<number>;
  /** Runs a statement as the administrator, on a connection of its own. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Stops it and deletes its files. */
  remove(): Promise<void>;
}

/** Where PostgreSQL's programs are on this machine; null where there are none. */
export function postgresPrograms(): string | null {
  const debian = globSync("/usr/lib/postgresql/*/bin").sort().reverse();
  const known = [...debian, "/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"];
  return known.find((directory) => existsSync(join(directory, "initdb"))) ?? null;
}

/** Makes a server in a temporary directory, started. @throws where PostgreSQL is not installed */
export async function makePostgres(): Promise<OwnPostgres> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error("PostgreSQL's programs (initdb, postgres) are not on this machine.");
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-postgres-"));
  const identity = unprivileged();
  if (identity) chownSync(directory, identity.uid, identity.gid);
  const data = join(directory, "data");
  const log = join(directory, "log");
  const trusting = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(programs, "initdb"), ["-D", data, ...trusting], { ...identity, cwd: directory });
  const port = await freePort();
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      const child = spawn(join(programs as string, "postgres"), settings(data, port), {
        ...identity,
        cwd: directory,
        stdio: ["ignore", openSync(log, "a"), openSync(log, "a")],
      });
      server = child;
      while (child.exitCode === null && child.signalCode === null) {
        if (await answers(urlOf("postgres"))) return performance.now() - startedAt;
        if (performance.now() - startedAt > START_LIMIT_MS)
          throw new Error(`It did not start:\n${tail(log)}`);
        await delay(10);
      }
      // The orphans of one that was killed still hold its memory: what it says then, and the next try works.
      if (!tail(log).includes("still in use") && !tail(log).includes("lock file")) {
        throw new Error(`PostgreSQL ended:\n${tail(log)}`);
      }
      await delay(20);
    }
  }

  async function stop(mode: StopMode): Promise<void> {
    const child = server;
    server = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(STOP_SIGNALS[mode]);
    await ended;
  }

  async function query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client(urlOf("postgres"));
    // A server that restarts ends this connection too; the query then rejects, and that is enough.
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  await start();
  await query("CREATE DATABASE gatehouse");
  return {
    url: urlOf("gatehouse"),
    start,
    stop,
    query,
    async killBackend(choose) {
      const backends = await query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = 'gatehouse' AND backend_type = 'client backend' ORDER BY pid",
      );
      const chosen = backends[choose(Math.max(1, backends.length))];
      if (chosen) process.kill(chosen.pid, "SIGKILL");
      return chosen !== undefined;
    },
    async endConnections(count) {
      const ended = await query(
        `SELECT pg_terminate_backend(pid) FROM (
           SELECT pid FROM pg_stat_activity
           WHERE datname = 'gatehouse' AND backend_type = 'client backend' ORDER BY random() LIMIT $1) AS chosen`,
        [count],
      );
      return ended.length;
    },
    async remove() {
      await stop("immediate");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function settings(data: string, port: number): string[] {
  const given = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: MAX_CONNECTIONS,
    shared_buffers: "32MB",
  };
  return ["-D", data, ...Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** Who runs it: PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const line = ["postgres", "nobody"]
    .map((name) => accounts.find((each) => each.startsWith(`${name}:`)))
    .find((each) => each !== undefined);
  if (line === undefined)
    throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody.");
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function tail(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-8).join("\n");
}
