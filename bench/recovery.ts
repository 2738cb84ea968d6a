import { parseArgs } from "node:util";
import { type RoundsReport, runRounds } from "../tests/recovery/harness/rounds.ts";
import { type Engine, TARGETS, TARGETS_OF } from "../tests/recovery/harness/world.ts";
import { printTable } from "./support/report.ts";
import { percentile } from "./support/statistics.ts";

/** What has to be ready again within it: a start, and what comes back by itself. */
const READY_MS = 5_000;

const USAGE =
  "npm run bench:recovery -- [--rounds 100] [--engine pglite|postgres] [--seed N] [--clients 8] [--ready-ms 5000]";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    engine: { type: "string", default: "pglite" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    clients: { type: "string", default: "8" },
    "ready-ms": { type: "string", default: String(READY_MS) },
  },
});
const engine = values.engine as Engine;
const [rounds, seed, clients, readyLimit] = [
  values.rounds,
  values.seed,
  values.clients,
  values["ready-ms"],
].map(Number);
if (!(engine in TARGETS_OF) || !rounds || !clients || !readyLimit || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

console.log(`\n# Recovery on ${engine}: ${rounds} rounds, ${clients} clients, seed ${seed}\n`);
const startedAt = performance.now();
const report = await runRounds({
  engine,
  rounds,
  seed: seed as number,
  clients,
  onProgress: (line) => console.log(line),
});
print(report);
const late = report.recoveries.filter(({ readyMs }) => readyMs >= readyLimit);
for (const violation of report.violations) console.error(`VIOLATION: ${violation}`);
for (const { target, readyMs } of late) {
  console.error(`LATE: after ${target} it was ready only after ${Math.round(readyMs)} ms`);
}
console.log(
  `${report.violations.length} violations, ${late.length} of ${rounds} recoveries over ${readyLimit} ms, ` +
    `${Math.round((performance.now() - startedAt) / 1_000)} s. ` +
    `The same again: --engine ${engine} --rounds ${rounds} --clients ${clients} --seed ${seed}`,
);
process.exit(report.violations.length + late.length > 0 ? 1 : 0);

function print({ recoveries, ...counts }: RoundsReport): void {
  console.log();
  printTable(
    ["killed", "times", "ready p50 ms", "p95 ms", "most ms"],
    TARGETS.flatMap((target) => {
      const times = recoveries
        .filter((each) => each.target === target)
        .map(({ readyMs }) => Math.round(readyMs));
      if (times.length === 0) return [];
      return [[target, times.length, ...[50, 95, 100].map((percent) => percentile(times, percent))]];
    }),
  );
  const { acknowledged, retried, events, generations, discussions, errors } = counts;
  printTable(
    ["acknowledged writes", "sent more than once", "events in the logs", "generations", "discussions"],
    [[acknowledged, retried, events, generations, discussions]],
  );
  console.log(`What failed tries were told: ${JSON.stringify(errors)}\n`);
}
