import { pino } from "pino";
import { v7 } from "uuid";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import type { Place } from "./place.ts";
import { check } from "./run-bench.ts";

/**
 * The SQL statements that reads take, found by asking a server in this process.
 * @param bodies of requests
 * @throws when a read is answered with an error
 */
export async function statementsOf(place: Place, bodies: readonly string[]): Promise<Set<string>> {
  const statements = new Set<string>();
  const database = await place.open({ onStatement: (sql) => statements.add(sql) });
  const app = createApp({
    config: loadConfig({ PORT: "0", SEED_DEMO: "false" }),
    database,
    log: pino({ level: "silent" }),
    clock: systemClock,
    ids: { next: () => v7() },
    runner: createOfflineRunner({ scenario: null }),
    parts: ["api"],
  });
  try {
    await app.start();
    statements.clear();
    for (const body of bodies) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${app.url}/graphql`, { method: "POST", headers, body });
      const text = await response.text();
      check(response.status === 200 && !text.includes('"errors"'), `${body} is answered with ${text}`);
    }
    return statements;
  } finally {
    await app.stop();
  }
}
