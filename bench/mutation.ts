// Guarded transitions: 16 clients move 64 projects between two stages; every other move is open only because a PROCEED
// decision is in force. Measured in alternated rounds: the API (HTTP, GraphQL, command, answer, log line), the command
// alone without a server, and the same rows written by hand-made SQL: lock, guard, event with hash, compare-and-set,
// with an idempotency key in each of them or in none, on connections of the same pool. Afterwards every log is checked.
// Not measured: clients that wait for each other's locks (each has projects of its own), a network.

import { checkAlike, checkMoves } from "./support/check-moves.ts";
import { makeFounder } from "./support/founder.ts";
import { apiMover, commandMover, sqlMover } from "./support/movers.ts";
import { driveMoves, type Mover, type MovingProject, makeMovingProjects } from "./support/moves.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";

const CLIENTS = 16;
const PROJECTS = 64;
const ROUNDS = 5;
const WARM_UP_MS = 3_000;
const ROUND_MS = 2_000;

interface Contender {
  readonly name: string;
  readonly mover: Mover;
  readonly projects: readonly MovingProject[];
  readonly withKey: boolean;
  readonly perSecond: number[];
  readonly times: number[];
}

await runBench("Guarded transitions", async (scope) => {
  const ours = await makePlace(scope);
  // The embedded database belongs to one process at a time, so what runs in this one has another.
  const theirs = ours.engine === "postgres" ? ours : await makePlace(scope);
  const seeding = await ours.open();
  const apiProjects = await makeMovingProjects(await makeFounder(seeding), PROJECTS);
  await seeding.close();
  const local = await theirs.open();
  scope.defer(() => local.close());
  const founder = await makeFounder(local);
  const commandProjects = await makeMovingProjects(founder, PROJECTS);
  const sqlProjects = await makeMovingProjects(founder, PROJECTS);

  const server = await startServer(scope, ours);
  const api = apiMover(server.url, CLIENTS);
  const sql = sqlMover(local, founder.userId);
  const contender = (
    name: string,
    mover: Mover,
    projects: readonly MovingProject[],
    withKey: boolean,
  ): Contender => ({ name, mover, projects, withKey, perSecond: [], times: [] });
  const contenders = [true, false].flatMap((withKey) => [
    contender("API", api, apiProjects, withKey),
    contender("command alone", commandMover(founder), commandProjects, withKey),
    contender("SQL by hand", sql, sqlProjects, withKey),
  ]);

  for (const { mover, projects, withKey } of contenders) {
    await driveMoves(mover, projects, { clients: CLIENTS, ms: WARM_UP_MS, withKey });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { mover, projects, withKey, perSecond, times } of contenders) {
      const driven = await driveMoves(mover, projects, { clients: CLIENTS, ms: ROUND_MS, withKey });
      perSecond.push(driven.times.length / driven.seconds);
      times.push(...driven.times);
    }
  }
  await server.stop();

  const database = ours === theirs ? local : await ours.open();
  if (database !== local) scope.defer(() => database.close());
  await checkMoves(database, apiProjects);
  await checkMoves(local, commandProjects);
  await checkMoves(local, sqlProjects);
  await checkAlike([
    [database, apiProjects],
    [local, commandProjects],
    [local, sqlProjects],
  ]);

  printTable(
    [
      ...["transition", "key", "rounds", "n", "per s (median)", "p50 ms", "p95 ms", "p99 ms"],
      "ratio to SQL (lowest–highest)",
    ],
    contenders.map(({ name, withKey, perSecond, times }) => [
      name,
      withKey ? "yes" : "no",
      ROUNDS,
      times.length,
      median(perSecond),
      ...[50, 95, 99].map((percent) => percentile(times, percent)),
      ratio(perSecond, sqlRates(contenders, withKey)),
    ]),
  );
  console.log(
    "Every sequence is gapless, every hash chain whole, every acknowledged move in its log exactly once.\n",
  );
  await printSetting(local);
});

/** What the hand-written transaction came to in each round: it has the same pool, and the same settings of its connections. */
function sqlRates(contenders: readonly Contender[], withKey: boolean): readonly number[] {
  const sql = contenders.find((other) => other.name === "SQL by hand" && other.withKey === withKey);
  if (!sql) throw new Error("There is nothing to compare with.");
  return sql.perSecond;
}
