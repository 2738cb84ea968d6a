// Whether something has become much slower than it was: short rounds of a few ratios of ours to what does the same with as
// little as possible, on the same machine at the same time, held against the floors of bench/floors.ts. Ratios and never
// times: those are the machine's. For figures, take the benchmarks that each of them comes from.

import { FLOORS } from "./floors.ts";
import { alternated } from "./support/alternated.ts";
import { answersAgree, type ComparedRead, comparedReads } from "./support/compared-reads.ts";
import { makeFounder } from "./support/founder.ts";
import { PROJECTS_LIST } from "./support/large-reads.ts";
import { commandMover, sqlMover } from "./support/movers.ts";
import { driveMoves, makeMovingProjects } from "./support/moves.ts";
import { startPeer } from "./support/peer.ts";
import { makePlace, type Place } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio, ratios } from "./support/report-ratios.ts";
import { check, runBench, type Scope } from "./support/run-bench.ts";
import { seedBySql } from "./support/seed-by-sql.ts";
import { startServer } from "./support/server.ts";
import { median } from "./support/statistics.ts";

const PEER = { poolSize: 10, planning: "ours" } as const;
const READS = { connections: 8, rounds: 5, seconds: 1, warmUpSeconds: 2 };
const LISTS = { ...READS, connections: 4 };
const MOVES = { clients: 16, ms: 1_000, withKey: true };
const MOVING_PROJECTS = 32;
const FEW = 1_000;
const MANY = 20_000;

interface Measured {
  readonly name: string;
  readonly floor: number;
  /** Per second, round by round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

await runBench("Is anything much slower than it was?", async (scope) => {
  const [few, many] = [await makePlace(scope), await makePlace(scope)];
  const projectId = await fill(few, FEW);
  await fill(many, MANY);
  const measured = [
    ...(await measureReads(scope, few, projectId)),
    await measureLists(scope, few, many),
    await measureTransitions(scope),
  ];
  const rows = measured.map(({ name, floor, ours, theirs }) => ({
    name,
    floor,
    rates: [median(ours), median(theirs)],
    rounds: ratio(ours, theirs),
    holds: median(ratios(ours, theirs)) >= floor,
  }));
  printTable(
    ["ratio", "per s", "to per s", "median of the rounds (lowest–highest)", "floor", "holds"],
    rows.map(({ name, rates, rounds, floor, holds }) => [
      name,
      ...rates,
      rounds,
      floor.toFixed(2),
      holds ? "yes" : "NO",
    ]),
  );
  const database = await few.open();
  scope.defer(() => database.close());
  await printSetting(database);
  const fallen = rows.filter(({ holds }) => !holds).map(({ name }) => name);
  check(fallen.length === 0, `Below its floor: ${fallen.join("; ")}`);
});

/** @returns the viewer's newest project */
async function fill(place: Place, projects: number): Promise<string> {
  const url = place.settings.DATABASE_URL;
  check(url !== undefined, "The peers need a PostgreSQL server: set BENCH_DATABASE_URL.");
  const database = await place.open();
  const { userId } = await makeFounder(database);
  await database.close();
  const [projectId = ""] = await seedBySql(url, userId, { projects, talking: 200, eventsPerProject: 5 });
  return projectId;
}

async function measureReads(scope: Scope, place: Place, projectId: string): Promise<Measured[]> {
  const ours = await startServer(scope, place);
  const theirs = await startPeer(scope, "hand-written", place.settings.DATABASE_URL ?? "", PEER);
  const measured: Measured[] = [];
  for (const [name, floor] of [
    ["nested", FLOORS.nestedRead],
    ["small", FLOORS.smallRead],
  ] as const) {
    const read = comparedReads(projectId).find((each) => each.name === name) as ComparedRead;
    const askings = [
      { url: ours.url, asked: read.asked.ours },
      { url: theirs, asked: read.asked.handWritten },
    ] as const;
    const [our, their] = await alternated(askings, READS);
    check(answersAgree(our.answer, their.answer), `The servers answer ${name} differently.`);
    measured.push({
      name: `${name} read, to hand-written SQL`,
      floor,
      ours: our.perSecond,
      theirs: their.perSecond,
    });
  }
  await ours.stop();
  return measured;
}

async function measureLists(scope: Scope, few: Place, many: Place): Promise<Measured> {
  const [amongMany, amongFew] = [await startServer(scope, many), await startServer(scope, few)];
  const { asked } = PROJECTS_LIST;
  const [ours, theirs] = await alternated(
    [
      { url: amongMany.url, asked },
      { url: amongFew.url, asked },
    ],
    LISTS,
  );
  for (const server of [amongMany, amongFew]) await server.stop();
  const name = `list of projects, among ${MANY.toLocaleString("en")} to among ${FEW.toLocaleString("en")}`;
  return { name, floor: FLOORS.largeList, ours: ours.perSecond, theirs: theirs.perSecond };
}

async function measureTransitions(scope: Scope): Promise<Measured> {
  const place = await makePlace(scope);
  const database = await place.open();
  scope.defer(() => database.close());
  const founder = await makeFounder(database);
  const movers = [commandMover(founder), sqlMover(database, founder.userId)];
  const contenders = [];
  for (const mover of movers) {
    const projects = await makeMovingProjects(founder, MOVING_PROJECTS);
    contenders.push({ mover, projects, perSecond: [] as number[] });
  }
  for (let round = 0; round <= READS.rounds; round += 1) {
    for (const { mover, projects, perSecond } of contenders) {
      const { times, seconds } = await driveMoves(mover, projects, MOVES);
      if (round > 0) perSecond.push(times.length / seconds);
    }
  }
  const [ours, theirs] = contenders.map(({ perSecond }) => perSecond);
  return {
    name: "guarded transition, to hand-written SQL",
    floor: FLOORS.transition,
    ours: ours ?? [],
    theirs: theirs ?? [],
  };
}
