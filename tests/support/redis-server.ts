import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** Whether this machine has a redis-server to start. */
export const redisAvailable = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis of the test's own, which it may kill and bring back. */
export interface RedisServer {
  readonly url: string;
  /** Ends it at once, as a crash would, and waits for the end. Whatever it held is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, and waits until it takes connections. */
  start(): Promise<void>;
  /** Stops and resumes the process: its connections stand, and nothing is answered. */
  freeze(): void;
  thaw(): void;
}

/** A Redis that is not running yet, on a free port. End it with `kill`. */
export async function reserveRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const started = spawn("redis-server", ["--port", String(port), "--save", "", "--appendonly", "no"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      child = started;
      for await (const text of started.stdout) {
        if (String(text).includes("Ready to accept connections")) return void started.stdout.resume();
      }
      throw new Error("redis-server ended instead of starting.");
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, "exit");
      child.kill("SIGKILL");
      await closed;
    },
    freeze: () => child?.kill("SIGSTOP"),
    thaw: () => child?.kill("SIGCONT"),
  };
}

/** A running Redis of its own. End it with `kill`. */
export async function startRedis(): Promise<RedisServer> {
  const server = await reserveRedis();
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
