// Two processes of the server against one, on the same PostgreSQL, with 64 connections in all, which the two share: with a quarter of
// them, two processes would often wait for work, and it would not be what they can do at most that is compared. Measured:
// right answers per second, in rounds that take the two settings in turn, of the small read, the nested read, the guarded
// transition, and a mix of them; how much of a processor the servers and the load took meanwhile, and how much of the machine
// was in use by anything: what is left of it is all that a second process can add. The load comes from this
// process and does next to nothing with what it gets: of long answers it looks at the length and the beginning.
// Not measured: a network, more cores. On two of them the second process shares what PostgreSQL and the load leave.
import { cpus } from "node:os";
import { checkMoves } from "./support/check-moves.ts";
import { makeMix } from "./support/make-mix.ts";
import { mixedWorkloads } from "./support/mixed-workloads.ts";
import { rawLoad } from "./support/raw-load.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { runBench } from "./support/run-bench.ts";
import { type RunningServer, startServer } from "./support/server.ts";
import { median } from "./support/statistics.ts";

const MOVING = 64;
const CONNECTIONS = 64;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND_MS = Number(process.env.BENCH_SECONDS ?? 2) * 1_000;
const WARM_UP_MS = 5_000;

interface Setting {
  readonly servers: readonly RunningServer[];
  readonly perSecond: number[];
  /** Processors in use, by the servers and by the load. */
  readonly serversUse: number[];
  readonly loadUse: number[];
  /** The part of all processors that was in use. */
  readonly machineUse: number[];
}

await runBench("Two processes against one", async (scope) => {
  const { place, database, moving, projectId } = await makeMix(scope, MOVING);
  const one = [await startServer(scope, place)];
  const two = [await startServer(scope, place), await startServer(scope, place)];
  const workloads = await mixedWorkloads(one[0]?.url ?? "", projectId, moving, CONNECTIONS);

  const rows = [];
  for (const { name, gunners } of workloads) {
    const settings = [one, two].map((servers): Setting => {
      return { servers, perSecond: [], serversUse: [], loadUse: [], machineUse: [] };
    });
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const { servers, perSecond, serversUse, loadUse, machineUse } of settings) {
        const before = await cpuMs(servers);
        const [machineBefore, startedAt] = [machineMs(), performance.now()];
        const urls = servers.map(({ url }) => url);
        const loaded = await rawLoad(urls, gunners, round === 0 ? WARM_UP_MS : ROUND_MS);
        const machineAfter = machineMs();
        const after = await cpuMs(servers);
        if (round === 0) continue;
        const ms = performance.now() - startedAt;
        perSecond.push(loaded.perSecond);
        serversUse.push((after.servers - before.servers) / ms);
        loadUse.push((after.load - before.load) / ms);
        machineUse.push((machineAfter.busy - machineBefore.busy) / (machineAfter.all - machineBefore.all));
      }
    }
    const [single, double] = settings;
    if (!single || !double) continue;
    rows.push([
      name,
      median(single.perSecond),
      median(double.perSecond),
      ratio(double.perSecond, single.perSecond),
      ...[single, double].map((each) => `${use(each.serversUse)} + ${use(each.loadUse)}`),
      ...[single, double].map((each) => `${Math.round(median(each.machineUse) * 100)} %`),
    ]);
  }
  for (const server of [...one, ...two]) await server.stop();
  await checkMoves(database, moving);
  printTable(
    [
      "workload",
      "1 process, per s",
      "2 processes, per s",
      "times as many: median (lowest–highest)",
      "cores of 1 + load",
      "cores of 2 + load",
      "machine in use by 1",
      "by 2",
    ],
    rows,
  );
  console.log("Every acknowledged transition is in its log once, every hash chain whole.\n");
  await printSetting(database);
});

function use(cores: readonly number[]): string {
  return median(cores).toFixed(2);
}

/** What all processors together have done until now, in milliseconds. */
function machineMs(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const { idle, ...used } = times;
    const working = Object.values(used).reduce((sum, ms) => sum + ms, 0);
    busy += working;
    all += working + idle;
  }
  return { busy, all };
}

/** Processor time that was used until now, in milliseconds. */
async function cpuMs(servers: readonly RunningServer[]): Promise<{ servers: number; load: number }> {
  const each = await Promise.all(servers.map((server) => server.cpuMs()));
  const { user, system } = process.cpuUsage();
  return { servers: each.reduce((sum, ms) => sum + ms, 0), load: (user + system) / 1_000 };
}
