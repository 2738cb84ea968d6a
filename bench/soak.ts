// Whether the server's memory stays where it is: ten minutes (BENCH_MINUTES) of reads, guarded transitions, and subscriptions that
// come and go, at half of the rate that it was found to manage of them. Printed each minute: its memory after garbage
// collections. It fails when at the end that is more than a tenth above what it was in the third minute, when caches and
// pools are full, when an answer is wrong, or when a subscriber misses an event.
import { setTimeout as wait } from "node:timers/promises";
import { checkMoves } from "./support/check-moves.ts";
import { makeMix } from "./support/make-mix.ts";
import type { Memory } from "./support/memory-probe.ts";
import { mixedWorkloads } from "./support/mixed-workloads.ts";
import { rawLoad } from "./support/raw-load.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { percentile } from "./support/statistics.ts";
import { startVisitors } from "./support/visitors.ts";

const MINUTES = Number(process.env.BENCH_MINUTES ?? 10);
const MINUTE_MS = 60_000;
const MOVING = 64;
const CONNECTIONS = 16;
const VISITORS = 50;
const FULL_LOAD_MS = 15_000;
/** The minute against which the last one is held, and by how much it may be above it. */
const SETTLED = 3;
const MOST = 1.1;

await runBench(
  "Memory under half load",
  async (scope) => {
    const { place, database, moving, projectId } = await makeMix(scope, MOVING);
    const server = await startServer(scope, place);
    const workloads = await mixedWorkloads(server.url, projectId, moving, CONNECTIONS);
    const mix = workloads.at(-1);
    check(mix !== undefined, "There is no mix.");
    const watched = moving.map(({ id }) => id);
    // From 1 to 6 seconds.
    const visitors = startVisitors(server.url, watched, VISITORS, (visit) => 1_000 + (visit % 6) * 1_000);

    await rawLoad([server.url], mix.gunners, FULL_LOAD_MS / 3);
    const full = await rawLoad([server.url], mix.gunners, FULL_LOAD_MS);
    const rate = full.perSecond / 2;
    console.log(
      `${mix.name}: ${full.perSecond.toFixed(0)} per s at full load, so ${rate.toFixed(0)} per s for ${MINUTES} minutes; ` +
        `${VISITORS} subscriptions at a time, each for 1 to 6 s.\n`,
    );
    const found: Memory[] = [await server.memory()];
    const rows = [row(0, found[0], 0, [], visitors.visits())];
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const before = visitors.visits();
      const { perSecond, times } = await rawLoad([server.url], mix.gunners, MINUTE_MS, pacer(rate));
      const memory = await server.memory();
      const { gone, events } = visitors.visits();
      found.push(memory);
      rows.push(
        row(minute, memory, perSecond, times, { gone: gone - before.gone, events: events - before.events }),
      );
      console.log(
        `minute ${minute}: RSS ${megabytes(memory.rss)} MB, heap ${megabytes(memory.heapUsed)} of ${megabytes(memory.heapTotal)} MB, ` +
          `buffers ${megabytes(memory.arrayBuffers)} MB, ${perSecond.toFixed(0)} per s`,
      );
    }
    await visitors.stop();
    await server.stop();
    console.log();
    printTable(
      [
        "minute",
        "RSS MB",
        "heap MB",
        "answers per s",
        "p50 ms",
        "p99 ms",
        "subscriptions gone",
        "events told",
      ],
      rows,
    );
    await checkMoves(database, moving);
    await printSetting(database);
    const [settled, last] = [found[SETTLED], found.at(-1)];
    if (MINUTES <= SETTLED || !settled || !last) {
      console.log(`Too short to say whether it is flat: the minutes after the ${SETTLED}rd count.\n`);
      return;
    }
    for (const what of ["rss", "heapUsed"] as const) {
      const times = last[what] / settled[what];
      console.log(`${what}: at the end ${times.toFixed(3)} times what it was in minute ${SETTLED}.`);
      check(times <= MOST, `${what} has grown to ${times.toFixed(2)} times what it was.`);
    }
  },
  { limitMs: (MINUTES + 3) * MINUTE_MS },
);

/** Spreads requests evenly: each takes the next place in time and waits for it. */
function pacer(perSecond: number): () => Promise<void> {
  const startedAt = performance.now();
  let taken = 0;
  return async () => {
    const at = startedAt + (taken * 1_000) / perSecond;
    taken += 1;
    const ms = at - performance.now();
    if (ms > 1) await wait(ms);
  };
}

function row(
  minute: number,
  memory: Memory | undefined,
  perSecond: number,
  times: readonly number[],
  { gone, events }: { gone: number; events: number },
) {
  const { rss = Number.NaN, heapUsed = Number.NaN } = memory ?? {};
  const answers =
    times.length === 0 ? ["", "", ""] : [perSecond, percentile(times, 50), percentile(times, 99)];
  return [minute, megabytes(rss), megabytes(heapUsed), ...answers, gone, events];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
