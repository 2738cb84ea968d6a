import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Place } from "./place.ts";
import { check, type Scope } from "./run-bench.ts";

export interface RunningWorker {
  /** @throws when it does not end with 0, or has logged an error */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("../../bin/gatehouse.js", import.meta.url));

/** Starts the real worker (gatehouse worker) as a process of its own, and waits until it runs jobs. */
export async function startWorker(scope: Scope, { settings }: Place): Promise<RunningWorker> {
  const child = spawn(process.execPath, [PROGRAM, "worker"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, SEED_DEMO: "false", ...settings },
  });
  scope.defer(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const ready = Promise.withResolvers<void>();
  const errors: string[] = [];
  if (!child.stdout) throw new Error("The worker has no output.");
  createInterface(child.stdout).on("line", (line) => {
    if (/"level":[56]0/.test(line)) errors.push(line);
    if (line.includes('"msg":"ready"')) ready.resolve();
  });
  const ended = exited.then(([code]) => {
    throw new Error(`The worker ended with ${code} before it was ready.`);
  });
  await Promise.race([ready.promise, ended]);
  return {
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      check(code === 0, `The worker ended with ${code}`);
      check(errors.length === 0, `The worker logged errors: ${errors[0]}`);
    },
  };
}
