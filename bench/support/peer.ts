import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PLANNING } from "../../src/db/postgres.ts";
import { ask } from "./ask.ts";
import type { Commit } from "./commit-probe.ts";
import type { Memory, Probed } from "./memory-probe.ts";
import type { Scope } from "./run-bench.ts";

const PEERS = new URL("../peers/", import.meta.url);
const MEMORY_PROBE = new URL("./memory-probe.ts", import.meta.url);

/** A peer that publishes what happens. */
export interface PublishingPeer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** When it published each event, on the monotonic clock. */
  readonly commits: readonly number[];
  /** Asks it how much memory it holds after a garbage collection. */
  memory(): Promise<Memory>;
}

/**
 * Starts a server that ours is compared with (a file of bench/peers) as a process of its own.
 *
 * @param options.planning whether PostgreSQL plans its statements as it plans ours, and compiles none: as it is set otherwise,
 *   it compiles the large ones anew for each request
 * @returns its address
 * @throws when the peers' packages are not installed
 */
export async function startPeer(
  scope: Scope,
  name: "postgraphile" | "hand-written",
  databaseUrl: string,
  { poolSize, planning }: { readonly poolSize: number; readonly planning: "ours" | "PostgreSQL's" },
): Promise<string> {
  const url = new URL(databaseUrl);
  const settings = planning === "ours" ? `${PLANNING} -c TimeZone=UTC` : "-c TimeZone=UTC";
  url.searchParams.set("options", settings);
  return (await start(scope, name, [], [url.href, String(poolSize)])).url;
}

/** The same of one that sends events and has no database. */
export async function startPublishingPeer(scope: Scope, name: "yoga-pubsub"): Promise<PublishingPeer> {
  const { url, child } = await start(scope, name, [`--import=${MEMORY_PROBE}`], []);
  const commits: number[] = [];
  child.on("message", ({ committedAt }: Partial<Commit>) => {
    if (committedAt !== undefined) commits.push(committedAt);
  });
  return { url, commits, memory: () => ask<Memory>(child, "memory" satisfies Probed) };
}

async function start(
  scope: Scope,
  name: string,
  nodeArgs: readonly string[],
  args: readonly string[],
): Promise<{ url: string; child: ChildProcess }> {
  if (!existsSync(new URL("node_modules", PEERS))) {
    throw new Error("The peers are not installed: npm ci --prefix bench/peers");
  }
  const script = fileURLToPath(new URL(`${name}.js`, PEERS));
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { PATH: process.env.PATH, NODE_ENV: "production", GRAPHILE_ENV: "production" },
  });
  scope.defer(() => child.kill("SIGKILL"));
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready.`);
  });
  if (!child.stdout) throw new Error(`${name} has no output.`);
  const [port] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  return { url: `http://127.0.0.1:${port}`, child };
}
