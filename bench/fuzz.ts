// Fuzzing: operations that are generated from the schema, valid ones and such with something about them changed, are
// sent to the real server as a process of its own. It fails at the first answer that is a 5xx, an unexpected error, or
// that shows anything of what is behind the API; where the server logs an error or keeps a subscription; and where its
// memory grows. A seed and the number of a batch say which request it was; the commands before it belong to the story.
//
//   npm run bench:fuzz -- --valid 100000 --mutated 100000 --seed 1

import { parseArgs } from "node:util";
import { schema } from "../src/schema/index.ts";
import { fuzz, type Tally } from "../tests/fuzz/support/fuzz.ts";
import { makePlace } from "./support/place.ts";
import { type Cell, printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";

const LIMIT_MS = 2 * 60 * 60_000;
const MB = 1_024 * 1_024;
/** A heap that holds caches grows at first; from a tenth of the way to the end it may by so much. */
const MAX_GROWTH_MB = 64;

const { values } = parseArgs({
  options: {
    valid: { type: "string", default: "100000" },
    mutated: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
  },
});
const counts = { valid: Number(values.valid), mutated: Number(values.mutated) };
const seed = Number(values.seed);

await runBench(
  `Fuzzing: ${counts.valid} valid operations, ${counts.mutated} mutated ones, seed ${seed}`,
  async (scope) => {
    const place = await makePlace(scope);
    const database = await place.open();
    await printSetting(database);
    await database.close();
    const server = await startServer(scope, place);

    const statuses: Cell[][] = [];
    const memory: Cell[][] = [];
    for (const what of ["valid", "mutated"] as const) {
      const count = counts[what];
      const heaps: number[] = [];
      const every = Math.max(20, Math.floor(count / 10 / 20) * 20);
      const tally = await fuzz({
        url: server.url,
        schema,
        seed,
        count,
        what,
        async onProgress(done) {
          if (done % every !== 0) return;
          const { rss, heapUsed } = await server.memory();
          heaps.push(heapUsed / MB);
          memory.push([what, done, Math.round(rss / MB), Math.round(heapUsed / MB)]);
        },
      });
      statuses.push(...rowsOf(what, tally));
      const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
      check(growth < MAX_GROWTH_MB, `The heap has grown by ${growth.toFixed(0)} MB over ${what} operations.`);
    }
    printTable(["operations", "status", "answers"], statuses);
    printTable(["operations", "sent", "RSS in MB", "heap in MB"], memory);
    const open = await openSubscriptions(server.url);
    check(open === 0, `${open} subscriptions are still open although nobody listens.`);
    // Fails when it has logged an error.
    await server.stop();
    console.log("No 5xx, no unexpected error, no look inside, no error in the log, no subscription left.");
  },
  { limitMs: LIMIT_MS },
);

function rowsOf(what: string, tally: Tally): Cell[][] {
  return [...tally].toSorted(([a], [b]) => a - b).map(([status, count]) => [what, status, count]);
}

/** How many subscriptions the server says are open, once those that were left are gone. */
async function openSubscriptions(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counted = metrics.matchAll(/^gatehouse_open_subscriptions\{[^}]*\} (\d+)$/gm);
  return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
}
