// Reads over HTTP, against what a user would pick instead. Measured: answers per second at 8 connections (autocannon in
// this process, each server in its own, all on the same PostgreSQL and the same rows), against one peer after another: both
// are started anew, and rounds take the two in turn, so that what else the machine does meets both. The peer's answer must
// hold the same data as ours, and every measured answer must be that answer.
// Not measured: anything cached, tokens (the server runs with the development user), a network.
import { alternated } from "./support/alternated.ts";
import { type Asked, answersAgree, type ComparedRead, comparedReads } from "./support/compared-reads.ts";
import { makeFounder } from "./support/founder.ts";
import { startPeer } from "./support/peer.ts";
import { makePlace, type Place } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { check, runBench, type Scope, withScope } from "./support/run-bench.ts";
import { seedBySql } from "./support/seed-by-sql.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";

const PROJECTS = 1_000;
const poolSize = 10;
const ROUNDS = {
  connections: 8,
  rounds: Number(process.env.BENCH_ROUNDS ?? 7),
  seconds: Number(process.env.BENCH_SECONDS ?? 2),
  /** Until what a server executes most is compiled. */
  warmUpSeconds: 5,
};

interface Peer {
  readonly name: string;
  /** @returns its address */
  readonly start: (scope: Scope) => Promise<string>;
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

    const peers: Peer[] = [
      {
        name: "PostGraphile, as it comes",
        start: (pair) => startPeer(pair, "postgraphile", databaseUrl, { poolSize, planning: "PostgreSQL's" }),
        ask: ({ asked }) => asked.postgraphile,
      },
      {
        name: "PostGraphile, planned as ours",
        start: (pair) => startPeer(pair, "postgraphile", databaseUrl, { poolSize, planning: "ours" }),
        ask: ({ asked }) => asked.postgraphile,
      },
      {
        name: "hand-written, planned as ours",
        start: (pair) => startPeer(pair, "hand-written", databaseUrl, { poolSize, planning: "ours" }),
        ask: ({ asked }) => asked.handWritten,
      },
      {
        name: "ours, unguarded",
        start: async (pair) => (await startServer(pair, place, { main: "unguarded" })).url,
        ask: ({ asked }) => asked.ours,
      },
    ];
    const wanted = process.env.BENCH_READS?.split(",");
    const reads = comparedReads(projectId).filter(({ name }) => !wanted || wanted.includes(name));
    const wantedPeers = process.env.BENCH_PEERS?.split(",");
    for (const peer of peers) {
      if (wantedPeers && !wantedPeers.some((name) => peer.name.startsWith(name))) continue;
      await compare(scope, peer, place, reads);
    }
    await printSetting(database);
  },
  { limitMs: 900_000 },
);

async function compare(
  whole: Scope,
  peer: Peer,
  place: Place,
  reads: readonly ComparedRead[],
): Promise<void> {
  await withScope(whole, async (scope) => {
    const ours = await startServer(scope, place);
    const url = await peer.start(scope);
    const rows = [];
    for (const read of reads) {
      const askings = [
        { url: ours.url, asked: read.asked.ours },
        { url, asked: peer.ask(read) },
      ] as const;
      const [our, their] = await alternated(askings, ROUNDS);
      check(answersAgree(our.answer, their.answer), `${peer.name} answers ${read.name} differently.`);
      rows.push([
        read.name,
        Buffer.byteLength(our.answer) / 1000,
        ratio(our.perSecond, their.perSecond),
        ...[our, their].flatMap(({ perSecond, times }) => [
          median(perSecond),
          percentile(times, 50),
          percentile(times, 99),
        ]),
      ]);
    }
    await ours.stop();
    printTable(
      [
        `against ${peer.name}`,
        "KB",
        "ratio: median of the rounds (lowest–highest)",
        "ours per s",
        "p50 ms",
        "p99 ms",
        "theirs per s",
        "p50 ms",
        "p99 ms",
      ],
      rows,
    );
  });
}
