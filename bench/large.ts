// Reads of a large database against a small one: 1,000 projects with 20,000 events, and 100,000 projects with 2 million,
// the viewer owning 1,000 in both, which is as many as a plan allows. Measured: the ratio of answers per second, in rounds
// that take the two servers in turn. Before that, every statement of these reads, of those that are compared with peers, of commands,
// streams and sweeps is explained on the large database: none may read a table from end to end.
import { formatPrismaCursor } from "@pothos/plugin-prisma";
import pg from "pg";
import { alternated } from "./support/alternated.ts";
import { comparedReads } from "./support/compared-reads.ts";
import { statementsOfCommands } from "./support/every-operation.ts";
import { sequentialScans } from "./support/explain.ts";
import { makeFounder } from "./support/founder.ts";
import { type LargeRead, PROJECTS_LIST, projectPage, projectsAfter } from "./support/large-reads.ts";
import { makePlace, type Place } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { check, runBench } from "./support/run-bench.ts";
import { seedBySql } from "./support/seed-by-sql.ts";
import { startServer } from "./support/server.ts";
import { statementsOf } from "./support/statements.ts";
import { median } from "./support/statistics.ts";

const SMALL = 1_000;
const LARGE = Number(process.env.BENCH_PROJECTS ?? 100_000);
const CONNECTIONS = 4;
const ROUNDS = 5;
const SECONDS = 1;

await runBench("Reads of a large database", async (scope) => {
  const [few, many] = [await makePlace(scope), await makePlace(scope)];
  const [{ reads }, { reads: largeReads, projectId }] = [await fill(few, SMALL), await fill(many, LARGE)];
  const url = many.settings.DATABASE_URL;
  check(url !== undefined, "A large database needs a PostgreSQL server: set BENCH_DATABASE_URL.");
  const asked = [
    ...largeReads.map(({ asked }) => asked.body),
    ...comparedReads(projectId).map((read) => read.asked.ours.body),
  ];
  await explainAll(url, [
    [`${asked.length} reads`, await statementsOf(many, asked)],
    ["commands, streams and sweeps", await statementsOfCommands(many)],
  ]);

  const [ofSmall, ofLarge] = [await startServer(scope, few), await startServer(scope, many)];
  const rows = [];
  for (const [at, { name }] of largeReads.entries()) {
    const asking = (each: readonly LargeRead[], { url }: { readonly url: string }) => ({
      url,
      asked: each[at]?.asked ?? PROJECTS_LIST.asked,
    });
    const askings = [asking(reads, ofSmall), asking(largeReads, ofLarge)] as const;
    const [small, large] = await alternated(askings, {
      connections: CONNECTIONS,
      rounds: ROUNDS,
      seconds: SECONDS,
      warmUpSeconds: SECONDS,
    });
    rows.push([
      name,
      median(small.perSecond),
      median(large.perSecond),
      ratio(small.perSecond, large.perSecond),
    ]);
  }
  const count = (projects: number) => `${projects.toLocaleString("en")} projects, per s`;
  printTable(["read", count(SMALL), count(LARGE), "times slower: median (lowest–highest)"], rows);
  const database = await many.open();
  scope.defer(() => database.close());
  await printSetting(database);
});

/** @throws when a statement reads a table from end to end, or would have to if it were large */
async function explainAll(url: string, sets: readonly [string, ReadonlySet<string>][]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const faults: string[] = [];
  try {
    for (const [what, statements] of sets) {
      for (const sql of statements) {
        for (const whateverTheSize of [false, true]) {
          const scans = await sequentialScans(client, sql, { whateverTheSize });
          if (scans.length > 0) faults.push(`${JSON.stringify(scans)} is read from end to end by: ${sql}`);
        }
      }
      console.log(`${statements.size} statements of ${what} explained.`);
    }
  } finally {
    await client.end();
  }
  check(faults.length === 0, faults.join("\n"));
  console.log("None of them reads a table from end to end, nor would have to if one were large.\n");
}

/** The reads of a place that has been filled, and its newest project. */
async function fill(place: Place, projects: number): Promise<{ reads: LargeRead[]; projectId: string }> {
  const database = await place.open();
  const { userId } = await makeFounder(database);
  await database.close();
  const size = { projects, talking: 200, eventsPerProject: 20 };
  const owned = await seedBySql(place.settings.DATABASE_URL ?? "", userId, size);
  const [projectId = ""] = owned;
  const middle = formatPrismaCursor({ id: owned[Math.floor(owned.length / 2)] }, "id");
  return { reads: [PROJECTS_LIST, projectsAfter(middle), projectPage(projectId)], projectId };
}
