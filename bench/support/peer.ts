import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Scope } from "./run-bench.ts";

const PEERS = new URL("../peers/", import.meta.url);

/**
 * Starts a server that ours is compared with (a file of bench/peers) as a process of its own.
 * @returns its address
 * @throws when the peers' packages are not installed
 */
export async function startPeer(
  scope: Scope,
  name: "postgraphile" | "hand-written",
  databaseUrl: string,
  poolSize: number,
): Promise<string> {
  if (!existsSync(new URL("node_modules", PEERS))) {
    throw new Error("The peers are not installed: npm ci --prefix bench/peers");
  }
  const script = fileURLToPath(new URL(`${name}.js`, PEERS));
  const child = spawn(process.execPath, [script, databaseUrl, String(poolSize)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { PATH: process.env.PATH, NODE_ENV: "production", GRAPHILE_ENV: "production" },
  });
  scope.defer(() => child.kill("SIGKILL"));
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready.`);
  });
  if (!child.stdout) throw new Error(`${name} has no output.`);
  const [port] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  return `http://127.0.0.1:${port}`;
}
