import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ask } from "./ask.ts";
import type { Scope } from "./run-bench.ts";
import type { Expected, Received, SubscriberOrder, Target } from "./subscriber-process.ts";

export interface Subscribers {
  /** Waits until every subscriber has these events, a minute at the most, and gives what they received since the last time. */
  collect(expected: Expected): Promise<Received>;
  /** Closes the sockets and ends the process. */
  stop(): Promise<void>;
}

const PROCESS = new URL("./subscriber-process.ts", import.meta.url);

/**
 * Opens that many subscriptions in a process of their own.
 * @param untilOpen resolves when the server has that many subscriptions open
 */
export async function startSubscribers(
  scope: Scope,
  target: Target,
  count: number,
  untilOpen: (url: string, count: number) => Promise<void> = untilCounted,
): Promise<Subscribers> {
  const child = fork(fileURLToPath(PROCESS), { serialization: "advanced" });
  scope.defer(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const order = <Answer>(content: SubscriberOrder) => ask<Answer>(child, content);
  await order({ kind: "open", target, count });
  await untilOpen(target.url, count);
  return {
    collect: (expected) => order<Received>({ kind: "collect", expected }),
    async stop() {
      await order({ kind: "close" });
      child.disconnect();
      await exited;
      await untilOpen(target.url, 0);
    },
  };
}

/** Asks the server's metrics until they show that many subscriptions, 20 s at the most. */
async function untilCounted(url: string, count: number): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (performance.now() < giveUpAt) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const open = /^gatehouse_open_subscriptions\{transport="websocket"\} (\d+)$/m.exec(text);
    if (open?.[1] === String(count)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server does not have ${count} subscriptions open.`);
}
