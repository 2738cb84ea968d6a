// Whether a client that asks a new shape of query each time slows down or breaks another one: it fills every cache of the
// server (documents, operations, shapes of reads, prepared statements) past its bound. A bystander asks small reads over one
// connection beside four of that client, once while they all ask the same query and once while they go through thousands. Every
// answer is checked. Also measured, on Linux: the memory of PostgreSQL's backends, which hold the prepared statements.
import { readFileSync } from "node:fs";
import { comparedReads } from "./support/compared-reads.ts";
import { reader } from "./support/gunners.ts";
import { makeMix } from "./support/make-mix.ts";
import { type Gunner, graphqlRequest, rawLoad } from "./support/raw-load.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { percentile } from "./support/statistics.ts";

const CROWD = 4;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
/** Of the crowd's queries: subsets of these fields, in a page of projects with their discussions. */
const FIELDS = ["name", "description", "status", "stage", "version", "createdAt", "updatedAt", "archivedAt"];
const NESTED = ["question", "status", "createdAt", "completedAt"];
const SHAPES = 2 ** (FIELDS.length + NESTED.length);
/** MB that the backends of a pool of ten may have in the end. */
const MOST_MB = 1_000;

await runBench("A client that asks something else each time", async (scope) => {
  const { place, database, projectId } = await makeMix(scope, 1);
  const server = await startServer(scope, place);
  const small = comparedReads(projectId).find(({ name }) => name === "small");
  check(small !== undefined, "There is no small read.");
  const answer = await (
    await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: small.asked.ours.body,
    })
  ).text();
  const backendsMb = async () => {
    const rows = await database.prisma.$queryRaw<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    return rows.reduce((sum, { pid }) => sum + ownMb(pid), 0);
  };
  const rows = [];
  for (const [crowd, shapes] of [
    ["the same query", 1],
    [`${SHAPES} queries`, SHAPES],
  ] as const) {
    let asked = 0;
    const crowded: Gunner = () => {
      asked += 1;
      return {
        request: graphqlRequest(JSON.stringify({ query: queryOf(asked % shapes) })),
        fits: (body) => body.startsWith('{"data":{"projects":{"nodes":[{'),
      };
    };
    const load = (ms: number) =>
      Promise.all([
        rawLoad([server.url], [reader(small.asked.ours, answer)], ms),
        rawLoad([server.url], Array(CROWD).fill(crowded), ms),
      ]);
    await load(3_000);
    const [bystander, others] = await load(SECONDS * 1_000);
    const { times, perSecond } = bystander;
    rows.push({ crowd, perSecond, times, others: others.perSecond, mb: await backendsMb() });
  }
  await server.stop();
  printTable(
    ["the crowd asks", "bystander per s", "p50 ms", "p99 ms", "crowd per s", "backends MB"],
    rows.map(({ crowd, perSecond, times, others, mb }) => [
      crowd,
      perSecond,
      percentile(times, 50),
      percentile(times, 99),
      others,
      mb,
    ]),
  );
  await printSetting(database);
  const mb = rows.at(-1)?.mb ?? 0;
  check(!(mb > MOST_MB), `The backends have ${mb} MB.`);
});

function queryOf(shape: number): string {
  const chosen = (fields: readonly string[], bits: number) =>
    fields.filter((_, at) => (bits >> at) & 1).join(" ");
  const nested = `discussions(first: 2) { nodes { id ${chosen(NESTED, shape >> FIELDS.length)} } }`;
  return `{ projects(first: 5) { nodes { id ${chosen(FIELDS, shape)} ${nested} } } }`;
}

/** A process' memory that no other shares, in MB; NaN where the system does not say it. */
function ownMb(pid: number): number {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
