// Bombs: requests that are small to send, or endless, and dear to serve. Each is sent to a server in a process of its own:
// some times alone, where its cost is the processor time that the server uses until it is refused and gone, less what it
// uses in that time when nobody asks; and once while another client asks small questions. What the server keeps is its heap
// after a collection. Fails when a bomb is not refused as it should be, costs 100 ms or more, leaves memory behind, or
// keeps others from being served.

import { bombs } from "../tests/support/bombs.ts";
import { ApiClient } from "./support/api-client.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { type RunningServer, startServer } from "./support/server.ts";
import { median } from "./support/statistics.ts";

const MAX_CPU_MS = 100;
/** What a heap of some 100 MB may differ by from one collection to the next. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;
const ROUNDS = 5;
const WARM_UP_QUESTIONS = 300;
const PACE_MS = 20;
const IDLE_MS = 5_000;
const MEGABYTE = 1024 * 1024;
const QUESTION = "{ viewer { id } }";
const SUBSCRIPTION = { query: "subscription { viewerEvents { id } }" };

await runBench("Bombs", async (scope) => {
  const place = await makePlace(scope);
  const database = await place.open();
  await database.close();
  const server = await startServer(scope, place);
  const client = new ApiClient(server.url, 1);
  scope.defer(() => client.close());
  for (let asked = 0; asked < WARM_UP_QUESTIONS; asked += 1) await client.execute(QUESTION, {});
  const all = bombs(SUBSCRIPTION);
  // What is compiled and allocated once is not what a bomb costs.
  for (const bomb of all) await bomb.send(server.url);
  const idle = await idleRate(server);
  const atStart = await server.memory();

  const rows: (string | number)[][] = [];
  const problems: string[] = [];
  for (const bomb of all) {
    const cpu: number[] = [];
    const before = await server.memory();
    const throwIt = async () => {
      const refusal = await bomb.send(server.url);
      if (refusal !== bomb.refusal) problems.push(`${bomb.name}: ${refusal} instead of ${bomb.refusal}`);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = { cpu: await server.cpuMs(), at: performance.now() };
      await throwIt();
      const used = (await server.cpuMs()) - from.cpu;
      cpu.push(Math.max(0, used - (performance.now() - from.at) * idle));
    }
    const other = askMeanwhile(client);
    await throwIt();
    const answered = await other.stop();
    const kept = (await server.memory()).heapUsed - before.heapUsed;
    const typical = median(cpu);
    if (typical >= MAX_CPU_MS) problems.push(`${bomb.name}: ${typical.toFixed(0)} ms of processor time`);
    if (kept > MAX_KEPT_BYTES) problems.push(`${bomb.name}: keeps ${(kept / MEGABYTE).toFixed(1)} MB`);
    rows.push([
      bomb.name,
      bomb.refusal,
      typical,
      Math.max(...cpu),
      (kept / MEGABYTE).toFixed(1),
      Math.max(...answered),
    ]);
  }
  const atEnd = await server.memory();
  const kept = (atEnd.heapUsed - atStart.heapUsed) / MEGABYTE;
  if (atEnd.heapUsed - atStart.heapUsed > MAX_KEPT_BYTES)
    problems.push(`All of them keep ${kept.toFixed(1)} MB`);
  await server.stop();

  printTable(
    ["bomb", "refused with", "CPU ms (median)", "CPU ms (worst)", "kept MB", "slowest other answer ms"],
    rows,
  );
  console.log(
    `${ROUNDS} of each. Asked nothing, the server uses ${(idle * 1_000).toFixed(1)} ms per second. After all of them the heap is ${kept.toFixed(1)} MB from where it was, ` +
      `the process at ${Math.round(atEnd.rss / MEGABYTE)} MB (${Math.round(atStart.rss / MEGABYTE)} MB before).\n`,
  );
  const setting = await place.open();
  scope.defer(() => setting.close());
  await printSetting(setting);
  check(problems.length === 0, `Over the limits:\n  ${problems.join("\n  ")}`);
});

/** What the server uses when nobody asks, as processor time per time: its own timers. */
async function idleRate(server: RunningServer): Promise<number> {
  const from = { cpu: await server.cpuMs(), at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return ((await server.cpuMs()) - from.cpu) / (performance.now() - from.at);
}

/** Asks small questions, one after the other, until it is stopped; then tells how long each took, in milliseconds. */
function askMeanwhile(client: ApiClient): { stop(): Promise<number[]> } {
  let stopped = false;
  const times: number[] = [];
  const done = (async () => {
    while (!stopped) {
      const from = performance.now();
      await client.execute(QUESTION, {});
      times.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
  })();
  done.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await done;
      return times;
    },
  };
}
