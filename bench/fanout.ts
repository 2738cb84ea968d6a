// Fan-out: one project's events to 2,000 WebSocket subscribers in a second process, at 10 events per second, against an
// in-memory Yoga + graphql-ws server (bench/peers/yoga-pubsub.js) with as many subscribers of the same operation, in
// rounds that take the two in turn. Measured: the time from the commit (of the peer: from just before it publishes) to
// the receipt of the message, and from the sending of the command over HTTP to the receipt, which is one clock for
// both; how long the command itself took meanwhile; and both servers' memory, after garbage collections, with and
// without idle subscriptions. Every event must reach every subscriber once and in order.
// Not measured: a network, TLS, many projects at once.
import { setTimeout as wait } from "node:timers/promises";
import { encodeId } from "../src/schema/ids.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeFounder, makeProject } from "./support/founder.ts";
import type { Memory } from "./support/memory-probe.ts";
import { monotonicMs } from "./support/monotonic.ts";
import { startPublishingPeer } from "./support/peer.ts";
import { makePlace, type Place } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { ratio } from "./support/report-ratios.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";
import { type Subscribers, startSubscribers } from "./support/subscribers.ts";

const SUBSCRIBERS = Number(process.env.BENCH_SUBSCRIBERS ?? 2_000);
const WARM_UP_SUBSCRIBERS = 200;
const EVENTS = 50;
const WARM_UP_EVENTS = 30;
const PER_SECOND = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

const WATCH = `subscription Watch($projectId: ID!) {
  stageEvents(projectId: $projectId) { id sequence type actor createdAt }
}`;
const UPDATE = `mutation Update($projectId: ID!, $description: String!) {
  updateProject(input: { projectId: $projectId, description: $description }) {
    ... on UpdateProjectSuccess { events { sequence } } ... on Error { message }
  }
}`;
const PEER_UPDATE = `mutation Update($projectId: ID!, $description: String!) {
  updateProject(projectId: $projectId, description: $description) { sequence }
}`;

/** One of the servers that are compared. */
interface Server {
  readonly name: string;
  readonly url: string;
  readonly commits: readonly number[];
  memory(): Promise<Memory>;
  readonly projectId: string;
  readonly update: string;
  /** Waits until that many subscriptions are open; undefined: the server's metrics tell. */
  readonly untilOpen?: (url: string, count: number) => Promise<void>;
  /** The sequence of its last event. */
  sequence: number;
}

/** What one round came to. */
interface Round {
  readonly fromCommit: number[];
  readonly fromCommand: number[];
  /** From the commit to the receipt by the last of all subscribers, event by event. */
  readonly toTheLast: number[];
  readonly commands: number[];
  readonly perSecond: number;
  readonly bytesPerMessage: number;
}

interface Running {
  readonly server: Server;
  readonly client: ApiClient;
  readonly subscribers: Subscribers;
  readonly rounds: Round[];
  readonly without: Memory;
  readonly idle: Memory;
}

await runBench("Fan-out of one project's events", async (scope) => {
  const place = await makePlace(scope);
  const ours = await seed(place);
  const server = await startServer(scope, place, { reportCommits: true });
  const peer = await startPublishingPeer(scope, "yoga-pubsub");
  const servers: Server[] = [
    { name: "ours", update: UPDATE, ...server, ...ours },
    {
      name: "Yoga + graphql-ws in memory",
      update: PEER_UPDATE,
      untilOpen: untilPeerHas(),
      sequence: 0,
      ...peer,
      projectId: ours.projectId,
    },
  ];
  const all: Running[] = [];
  for (const each of servers) {
    const target = { url: each.url, query: WATCH, variables: { projectId: each.projectId } };
    const client = new ApiClient(each.url, 1);
    // What the first sockets and events cost (compiled code, buffers) is not what a further subscription costs.
    const warmUp = await startSubscribers(scope, target, WARM_UP_SUBSCRIBERS, each.untilOpen);
    await round(each, client, warmUp, WARM_UP_EVENTS);
    await warmUp.stop();
    const without = await each.memory();
    const subscribers = await startSubscribers(scope, target, SUBSCRIBERS, each.untilOpen);
    all.push({ server: each, client, subscribers, rounds: [], without, idle: await each.memory() });
  }
  for (const { server: each, client, subscribers } of all)
    await round(each, client, subscribers, WARM_UP_EVENTS);
  for (let number = 0; number < ROUNDS; number += 1) {
    for (const { server: each, client, subscribers, rounds } of all) {
      rounds.push(await round(each, client, subscribers, EVENTS));
    }
  }
  printTimes(all);
  await printMemory(all);
  for (const { client, subscribers } of all) {
    await subscribers.stop();
    client.close();
  }
  await server.stop();
  const database = await place.open();
  scope.defer(() => database.close());
  await printSetting(database);
});

function printTimes(all: readonly Running[]): void {
  const measures = {
    "commit (publish) to receipt": (each: Round) => each.fromCommit,
    "command sent to receipt": (each: Round) => each.fromCommand,
    "commit (publish) to the last receipt": (each: Round) => each.toTheLast,
    "command over HTTP meanwhile": (each: Round) => each.commands,
  };
  const p99s = (rounds: readonly Round[], valuesOf: (each: Round) => number[]) =>
    rounds.map((each) => percentile(valuesOf(each), 99));
  for (const [measure, valuesOf] of Object.entries(measures)) {
    const ours = p99s(all[0]?.rounds ?? [], valuesOf);
    printTable(
      [
        measure,
        "n",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "max ms",
        "p99, ours to it: median of the rounds (lowest–highest)",
      ],
      all.map(({ server, rounds }, at) => {
        const values = rounds.flatMap(valuesOf);
        check(values.length > 0 && values.every(Number.isFinite), `${server.name} has no times`);
        return [
          server.name,
          values.length,
          ...[50, 95, 99, 100].map((percent) => percentile(values, percent)),
          at === 0 ? "" : ratio(ours, p99s(rounds, valuesOf)),
        ];
      }),
    );
  }
  printTable(
    ["delivered, none lost, twice or out of order", "subscribers", "events/s", "deliveries", "bytes each"],
    all.map(({ server, rounds }) => [
      server.name,
      SUBSCRIBERS,
      median(rounds.map(({ perSecond }) => perSecond)),
      rounds.reduce((sum, { fromCommit }) => sum + fromCommit.length, 0),
      median(rounds.map(({ bytesPerMessage }) => bytesPerMessage)),
    ]),
  );
}

async function printMemory(all: readonly Running[]): Promise<void> {
  const megabytes = (bytes: number) => bytes / 2 ** 20;
  const rows: (string | number)[][] = [];
  for (const { server, without, idle } of all) {
    const after = await server.memory();
    for (const kind of ["rss", "heapUsed"] as const) {
      const perSubscription = (idle[kind] - without[kind]) / 1024 / SUBSCRIBERS;
      rows.push([
        `${server.name}: ${kind}`,
        ...[without, idle, after].map((memory) => megabytes(memory[kind])),
        perSubscription,
      ]);
    }
  }
  printTable(
    ["memory", "without MB", `${SUBSCRIBERS} idle MB`, "after events MB", "KB per idle subscription"],
    rows,
  );
}

async function seed(place: Place): Promise<{ projectId: string; sequence: number }> {
  const database = await place.open();
  try {
    const id = await makeProject(await makeFounder(database), "Watched by many", 1);
    const { eventSequence } = await database.prisma.project.findUniqueOrThrow({ where: { id } });
    return { projectId: encodeId("project", id), sequence: eventSequence };
  } finally {
    await database.close();
  }
}

/** The peer counts how many subscriptions were ever opened. */
function untilPeerHas() {
  let before = 0;
  return async (url: string, count: number): Promise<void> => {
    const client = new ApiClient(url, 1);
    const giveUpAt = performance.now() + 20_000;
    for (;;) {
      const { subscriptions } = await client.execute<{ subscriptions: number }>("{ subscriptions }", {});
      if (count === 0 || subscriptions - before === count) {
        before = subscriptions;
        return client.close();
      }
      check(
        performance.now() < giveUpAt,
        `The peer has ${subscriptions - before} subscriptions for ${count}.`,
      );
      await wait(50);
    }
  };
}

/** Appends events at the rate, one command at a time; a late one does not move those after it. */
async function round(
  server: Server,
  client: ApiClient,
  subscribers: Subscribers,
  events: number,
): Promise<Round> {
  const commitsBefore = server.commits.length;
  const commands: number[] = [];
  const sent: number[] = [];
  const startedAt = monotonicMs();
  for (let number = 0; number < events; number += 1) {
    const dueAt = startedAt + (number * 1000) / PER_SECOND;
    await wait(Math.max(0, dueAt - monotonicMs()));
    const sentAt = monotonicMs();
    sent.push(sentAt);
    await client.execute(server.update, { projectId: server.projectId, description: `Draft ${sentAt}` });
    commands.push(monotonicMs() - sentAt);
  }
  const took = Math.max(monotonicMs() - startedAt, (events * 1000) / PER_SECOND);
  const received = await subscribers.collect({ first: server.sequence + 1, events });
  server.sequence += events;
  const { times, lost, duplicates, disordered, bytes, problems } = received;
  const commits = server.commits.slice(commitsBefore);
  const wrong = `${server.name}: ${lost} lost, ${duplicates} twice, ${disordered} out of order; ${problems[0]}`;
  check(lost + duplicates + disordered + problems.length === 0, wrong);
  check(commits.length === events, `${server.name} made ${commits.length} commits for ${events} events.`);
  const since = (begun: readonly number[]) =>
    Array.from(times, (at, index) => at - (begun[index % events] ?? Number.NaN));
  return {
    fromCommit: since(commits),
    fromCommand: since(sent),
    toTheLast: commits.map((at, event) => latest(times, event, events) - at),
    commands,
    perSecond: (events * 1000) / took,
    bytesPerMessage: bytes / times.length,
  };
}

function latest(times: Float64Array, event: number, events: number): number {
  let last = 0;
  for (let at = event; at < times.length; at += events) last = Math.max(last, times[at] ?? 0);
  return last;
}
