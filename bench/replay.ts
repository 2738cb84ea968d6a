// Replay: one subscriber that comes back asks for 100,000 events of one project after a cursor. Measured, in rounds that
// take the cases in turn: events per second from the sending of the subscription to the receipt of the last event, over
// WebSocket (in a process of its own) and over SSE; and whether the server still serves others: how long a small query takes
// meanwhile, and the delay of its event loop. SSE is read in this process, which makes the small queries' times longer.
// Every event must come once and in order. Not measured: a network, TLS.
import { setTimeout as wait } from "node:timers/promises";
import { encodePosition } from "../src/schema/event/cursor.ts";
import { encodeId } from "../src/schema/ids.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeFounder } from "./support/founder.ts";
import { makePlace } from "./support/place.ts";
import { type Replayed, replayOverSse } from "./support/replay-over-sse.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench, type Scope } from "./support/run-bench.ts";
import { seedBySql } from "./support/seed-by-sql.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";
import { startSubscribers } from "./support/subscribers.ts";

const EVENTS = Number(process.env.BENCH_EVENTS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WANTED_PER_SECOND = 20_000;
const ASK_EVERY_MS = 20;

const COLUMNS = "id sequence cursor type actor reason createdAt";
const replayOf = (selection: string) => `subscription Replay($projectId: ID!, $after: String) {
  projectEvents(projectId: $projectId, after: $after) { ${selection} }
}`;
const SELECTIONS = {
  "the event alone": replayOf(COLUMNS),
  "with its stages and its gate": replayOf(
    `${COLUMNS} ... on StageEvent { fromStage toStage } ... on GateEvent { gate { id status } }`,
  ),
};

type Replay = (query: string) => Promise<Replayed>;

interface Case {
  readonly name: string;
  readonly query: string;
  readonly replay: Replay;
  readonly perSecond: number[];
  readonly asks: number[];
  readonly delays: number[];
}

await runBench(
  "Replay of a project's log",
  async (scope) => {
    const place = await makePlace(scope);
    const databaseUrl = place.settings.DATABASE_URL;
    check(databaseUrl !== undefined, "The events are seeded by SQL: set BENCH_DATABASE_URL.");
    const database = await place.open();
    scope.defer(() => database.close());
    const { userId } = await makeFounder(database);
    const size = { projects: 1, talking: 0, eventsPerProject: EVENTS + 1 };
    const [project = ""] = await seedBySql(databaseUrl, userId, size);
    const server = await startServer(scope, place);
    const variables = {
      projectId: encodeId("project", project),
      after: encodePosition({ projectId: project, sequence: 1 }),
    };
    const transports: Record<string, Replay> = {
      WebSocket: (query) => replayOverWebSocket(scope, server.url, { query, variables }),
      SSE: (query) => replayOverSse(server.url, { query, variables }, 1, EVENTS),
    };
    const cases = Object.entries(SELECTIONS).flatMap(([selection, query]) =>
      Object.entries(transports).map(
        ([transport, replay]): Case => ({
          name: `${selection}, over ${transport}`,
          query,
          replay,
          perSecond: [],
          asks: [],
          delays: [],
        }),
      ),
    );
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const { query, replay, perSecond, asks, delays } of cases) {
        const { ms, outOfOrder, askTimes, delayMs } = await beside(server.url, () => replay(query));
        check(outOfOrder === 0, `${outOfOrder} events did not follow the one before them.`);
        if (round === 0) continue;
        perSecond.push((EVENTS * 1000) / ms);
        asks.push(...askTimes);
        delays.push(delayMs);
      }
    }
    printTable(
      [
        `${EVENTS.toLocaleString("en")} events`,
        "per s: median of the rounds (lowest–highest)",
        "a small query meanwhile: p50 ms",
        "p99 ms",
        "event loop's delay: p99 ms",
      ],
      cases.map(({ name, perSecond, asks, delays }) => [
        name,
        `${rounded(median(perSecond))} (${rounded(Math.min(...perSecond))}–${rounded(Math.max(...perSecond))})`,
        percentile(asks, 50),
        percentile(asks, 99),
        median(delays),
      ]),
    );
    await server.stop();
    await printSetting(database);
    for (const { name, perSecond } of cases) {
      if (median(perSecond) < WANTED_PER_SECOND) console.log(`Below ${WANTED_PER_SECOND}/s: ${name}`);
    }
  },
  { limitMs: 400_000 },
);

async function replayOverWebSocket(
  scope: Scope,
  url: string,
  operation: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
): Promise<Replayed> {
  // What it waits for is its last event.
  const subscriber = await startSubscribers(scope, { url, ...operation }, 1, async () => {});
  const { times, askedAt, lost, duplicates, disordered, problems } = await subscriber.collect({
    first: 2,
    events: EVENTS,
  });
  check(problems.length === 0, `The subscription failed: ${problems[0]}`);
  await subscriber.stop();
  return { ms: (times.at(-1) ?? Number.NaN) - askedAt, outOfOrder: lost + duplicates + disordered };
}

/** Asks small queries while something runs, and how late the server's event loop was. */
async function beside<Result>(url: string, run: () => Promise<Result>) {
  const client = new ApiClient(url, 1);
  const askTimes: number[] = [];
  let isOver = false;
  // Asking for it sets it back.
  await delayOf(url);
  const asking = (async () => {
    while (!isOver) {
      const sentAt = performance.now();
      await client.execute("{ viewer { id } }", {});
      askTimes.push(performance.now() - sentAt);
      await wait(ASK_EVERY_MS);
    }
  })();
  const result = await run();
  const delayMs = await delayOf(url);
  isOver = true;
  await asking;
  client.close();
  return { ...result, askTimes, delayMs };
}

async function delayOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1];
  check(seconds !== undefined, "The server's metrics do not tell the delay of its event loop.");
  return Number(seconds) * 1000;
}

function rounded(perSecond: number): string {
  return (Math.round(perSecond / 100) * 100).toLocaleString("en");
}
