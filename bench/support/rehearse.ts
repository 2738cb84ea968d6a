import { pino } from "pino";
import { v7 } from "uuid";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { ApiClient } from "./api-client.ts";
import type { Place } from "./place.ts";
import type { ReadOperation } from "./portfolio.ts";
import { check } from "./run-bench.ts";

export interface Rehearsal {
  readonly operation: ReadOperation;
  /** The body of the answer. */
  readonly answer: string;
  /** How many SQL statements it took. */
  readonly statements: number;
}

/** Sends each operation to a server in this process, where the SQL statements can be counted. */
export async function rehearse(place: Place, operations: readonly ReadOperation[]): Promise<Rehearsal[]> {
  let statements = 0;
  const database = await place.open({
    onStatement: () => {
      statements += 1;
    },
  });
  const app = createApp({
    config: loadConfig({ PORT: "0", SEED_DEMO: "false" }),
    database,
    log: pino({ level: "silent" }),
    clock: systemClock,
    ids: { next: () => v7() },
    runner: createOfflineRunner({ scenario: null }),
  });
  try {
    await app.start();
    const client = new ApiClient(app.url, 1);
    const rehearsals: Rehearsal[] = [];
    for (const operation of operations) {
      const { name, query, variables, contains } = operation;
      // The first request of a server also looks up who is asking.
      await client.execute(query, variables);
      statements = 0;
      const { status, text: answer } = await client.post(query, variables);
      check(status === 200, `${name} was answered with ${status}: ${answer}`);
      for (const [text, times] of Object.entries(contains)) {
        const found = answer.split(text).length - 1;
        check(found === times, `${name} should contain ${text} ${times} times, not ${found} times`);
      }
      rehearsals.push({ operation, answer, statements });
    }
    client.close();
    return rehearsals;
  } finally {
    await app.stop();
  }
}
