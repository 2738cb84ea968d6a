import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Database } from "../../../src/db/database.ts";
import { createPostgresTestDatabase } from "../../support/database.ts";
import { SECRET_AUTH } from "../../support/tokens.ts";

const BIN = fileURLToPath(new URL("../../../bin/gatehouse.js", import.meta.url));

/** What one user may do in these clusters: room for every test, and small enough to be used up by one. */
export const LIMITS = { requests: 400, subscriptions: 6 };

/** A process of the product. */
export interface NodeProcess {
  /** Empty for a worker. */
  readonly url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Two API processes and two workers on one PostgreSQL database. */
export interface Cluster {
  readonly database: Database;
  readonly connectionString: string;
  readonly a: NodeProcess;
  readonly b: NodeProcess;
  readonly workers: readonly NodeProcess[];
  startWorker(): Promise<NodeProcess>;
  end(): Promise<void>;
}

/** Starts the four processes. @param env what they get besides the database */
export async function startCluster(env: Record<string, string> = {}): Promise<Cluster> {
  const database = await createPostgresTestDatabase();
  if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
  const { connectionString } = database.driver;
  const all = {
    DATABASE_URL: connectionString,
    PORT: "0",
    SEED_DEMO: "false",
    AUTH_JWT_SECRET: SECRET_AUTH.secret,
    AUTH_ISSUER: SECRET_AUTH.issuer,
    AUTH_AUDIENCE: SECRET_AUTH.audience,
    RATE_LIMIT_PER_MINUTE: String(LIMITS.requests),
    MAX_SUBSCRIPTIONS_PER_USER: String(LIMITS.subscriptions),
    ...env,
  };
  const started: NodeProcess[] = [];
  const start = async (...args: string[]) => {
    const node = await startNode(args, all);
    started.push(node);
    return node;
  };
  const [a, b, ...workers] = await Promise.all([
    start("serve", "--no-jobs"),
    start("serve", "--no-jobs"),
    start("worker"),
    start("worker"),
  ]);
  return {
    database,
    connectionString,
    a,
    b,
    workers,
    startWorker: () => start("worker"),
    async end() {
      await Promise.all(started.map((node) => node.kill()));
      await database.close();
    },
  };
}

async function startNode(args: string[], env: Record<string, string>): Promise<NodeProcess> {
  const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const { msg, url = "" } = JSON.parse(line) as { msg: string; url?: string };
    if (msg !== "ready") continue;
    // What it says later must not fill the pipe.
    child.stdout.resume();
    return { url: url.replace("/graphql", ""), kill: () => end(child) };
  }
  throw new Error(`${args.join(" ")} ended instead of starting:\n${lines.join("\n")}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
