// Reads over HTTP, against what a user would pick instead. Measured: answers per second at 8 connections (autocannon in
// this process, each server in its own, all on the same PostgreSQL and the same rows), in rounds that take the servers
// in turn, so that what else the machine does meets all of them. Each server's answer must hold the same data as the
// others', and every measured answer must be that answer.
// Not measured: anything cached, tokens (the server runs with the development user), a network.
import { isDeepStrictEqual } from "node:util";
import { answerOf } from "./support/answer-of.ts";
import { type Asked, type ComparedRead, comparedReads, sameAnswer } from "./support/compared-reads.ts";
import { makeFounder } from "./support/founder.ts";
import { load } from "./support/load.ts";
import { startPeer } from "./support/peer.ts";
import { makePlace } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { check, runBench } from "./support/run-bench.ts";
import { seedBySql } from "./support/seed-by-sql.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";

const PROJECTS = 1_000;
const poolSize = 10;
const CONNECTIONS = 8;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);
/** Until what a server executes most is compiled. */
const WARM_UP_SECONDS = 5;

interface Server {
  readonly name: string;
  readonly url: string;
  readonly ask: (read: ComparedRead) => Asked;
}

await runBench(
  "Reads over HTTP, against peers",
  async (scope) => {
    const place = await makePlace(scope);
    const databaseUrl = place.settings.DATABASE_URL;
    check(databaseUrl !== undefined, "The peers need a PostgreSQL server: set BENCH_DATABASE_URL.");
    const database = await place.open();
    scope.defer(() => database.close());
    const { userId } = await makeFounder(database);
    const [projectId = ""] = await seedBySql(databaseUrl, userId, {
      projects: PROJECTS,
      talking: 200,
      eventsPerProject: 20,
    });

    const servers: Server[] = [
      { name: "ours", url: (await startServer(scope, place)).url, ask: ({ asked }) => asked.ours },
      {
        name: "ours, unguarded",
        url: (await startServer(scope, place, { main: "unguarded" })).url,
        ask: ({ asked }) => asked.ours,
      },
      {
        name: "PostGraphile, as it comes",
        url: await startPeer(scope, "postgraphile", databaseUrl, { poolSize, planning: "PostgreSQL's" }),
        ask: ({ asked }) => asked.postgraphile,
      },
      {
        name: "PostGraphile, planned as ours",
        url: await startPeer(scope, "postgraphile", databaseUrl, { poolSize, planning: "ours" }),
        ask: ({ asked }) => asked.postgraphile,
      },
      {
        name: "hand-written, planned as ours",
        url: await startPeer(scope, "hand-written", databaseUrl, { poolSize, planning: "ours" }),
        ask: ({ asked }) => asked.handWritten,
      },
    ];
    const wanted = process.env.BENCH_READS?.split(",");
    for (const read of comparedReads(projectId)) {
      if (!wanted || wanted.includes(read.name)) await compare(read, servers);
    }
    await printSetting(database);
  },
  { limitMs: 600_000 },
);

async function compare(read: ComparedRead, servers: readonly Server[]): Promise<void> {
  const answers = await Promise.all(servers.map(({ url, ask }) => answerOf(url, ask(read))));
  const [first = ""] = answers;
  for (const [at, answer] of answers.entries()) {
    const same = isDeepStrictEqual(sameAnswer(answer), sameAnswer(first));
    check(same, `${servers[at]?.name} and ${servers[0]?.name} answer ${read.name} differently`);
  }
  const perSecond = servers.map((): number[] => []);
  const times = servers.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, server] of servers.entries()) {
      const seconds = round === 0 ? WARM_UP_SECONDS : SECONDS;
      const loaded = await load(server.url, server.ask(read), answers[at] ?? "", CONNECTIONS, seconds);
      if (round === 0) continue;
      perSecond[at]?.push(loaded.perSecond);
      for (const ms of loaded.times) times[at]?.push(ms);
    }
  }
  const [ours = []] = perSecond;
  printTable(
    [read.name, "per s", "p50 ms", "p99 ms", "KB", "ours against it: median of the rounds (lowest–highest)"],
    servers.map(({ name }, at) => [
      name,
      median(perSecond[at] ?? []),
      percentile(times[at] ?? [], 50),
      percentile(times[at] ?? [], 99),
      Buffer.byteLength(answers[at] ?? "") / 1000,
      at === 0 ? "" : ratio(ours, perSecond[at] ?? []),
    ]),
  );
}
