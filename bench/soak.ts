// Whether the server's memory stays where it is: ten minutes (BENCH_MINUTES) of reads, guarded transitions, and subscriptions that
// come and go, at half of the rate that it was found to manage of them. Printed each minute: its memory (RSS), as it is. In the
// third minute, when caches and pools are full, and at the end also what is left of it, and of the heap, after a collection that
// gives back to the system what V8 keeps for its next pages. It fails when one of these two is more than a tenth above what it was
// in the third minute, when RSS as it is has grown by more than what V8 keeps at times (docs/PERFORMANCE.md), when an answer is
// wrong, or when a subscriber misses an event.
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
/** The minute against which the last one is held. */
const SETTLED = 3;
/** How many times as much there may be in the last minute of what the program holds. */
const MOST = 1.1;
/** The same of RSS as it is, which V8's reserve raises in steps of a quarter, one at a chance minute or another. */
const MOST_WITH_RESERVE = 1.5;

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
    const rss = [await server.rss()];
    const held = new Map<number, Memory>();
    const rows = [row(0, rss[0], 0, [], visitors.visits())];
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const before = visitors.visits();
      const { perSecond, times } = await rawLoad([server.url], mix.gunners, MINUTE_MS, pacer(rate));
      const { gone, events } = visitors.visits();
      rss.push(await server.rss());
      rows.push(
        row(minute, rss[minute], perSecond, times, {
          gone: gone - before.gone,
          events: events - before.events,
        }),
      );
      console.log(`minute ${minute}: RSS ${megabytes(rss[minute])} MB, ${perSecond.toFixed(0)} per s`);
      if (minute === SETTLED || minute === MINUTES) held.set(minute, await server.memory());
    }
    await visitors.stop();
    await server.stop();
    console.log();
    printTable(
      ["minute", "RSS MB", "answers per s", "p50 ms", "p99 ms", "subscriptions gone", "events told"],
      rows,
    );
    await checkMoves(database, moving);
    await printSetting(database);
    const [settled, last] = [held.get(SETTLED), held.get(MINUTES)];
    if (MINUTES <= SETTLED || !settled || !last) {
      console.log(`Too short to say whether it is flat: the minutes after the ${SETTLED}rd count.\n`);
      return;
    }
    checkFlat("the heap after a collection", MOST, settled.heapUsed, last.heapUsed);
    checkFlat("RSS after a collection", MOST, settled.rss, last.rss);
    checkFlat("RSS", MOST_WITH_RESERVE, rss[SETTLED], rss[MINUTES]);
  },
  { limitMs: (MINUTES + 3) * MINUTE_MS },
);

function checkFlat(what: string, most: number, settled = Number.NaN, last = Number.NaN): void {
  const times = last / settled;
  console.log(
    `${what}: ${megabytes(settled)} MB in minute ${SETTLED}, ${megabytes(last)} MB in minute ${MINUTES}: ${times.toFixed(3)} times as much.`,
  );
  check(times <= most, `${what} has grown to ${times.toFixed(2)} times what it was.`);
}

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
  rss: number | undefined,
  perSecond: number,
  times: readonly number[],
  { gone, events }: { gone: number; events: number },
) {
  const answers =
    times.length === 0 ? ["", "", ""] : [perSecond, percentile(times, 50), percentile(times, 99)];
  return [minute, megabytes(rss), ...answers, gone, events];
}

function megabytes(bytes = Number.NaN): string {
  return (bytes / 1e6).toFixed(1);
}
