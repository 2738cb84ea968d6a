// Fan-out: one project's events to 1,000 WebSocket subscribers in a second process, at 10 events per second. Measured:
// the time from the commit (as the server learns it) to the receipt of the parsed message; how long the command itself
// took meanwhile; and the server's memory, after garbage collections, with and without idle subscriptions.
// Every event must reach every subscriber once and in order. Not measured: a network, TLS, many projects at once.
import { setTimeout as wait } from "node:timers/promises";
import { encodeId } from "../src/schema/ids.ts";
import { ApiClient } from "./support/api-client.ts";
import { makeFounder, makeProject } from "./support/founder.ts";
import { makePlace, type Place } from "./support/place.ts";
import { printSetting, printTable } from "./support/report.ts";
import { check, runBench } from "./support/run-bench.ts";
import { startServer } from "./support/server.ts";
import { median, percentile } from "./support/statistics.ts";
import { startSubscribers } from "./support/subscribers.ts";

const SUBSCRIBERS = 1_000;
const WARM_UP_SUBSCRIBERS = 200;
const EVENTS = 100;
const WARM_UP_EVENTS = 10;
const PER_SECOND = 10;

const UPDATE = `mutation Update($input: UpdateProjectInput!) {
  updateProject(input: $input) { ... on UpdateProjectSuccess { events { sequence } } ... on Error { message } }
}`;

interface UpdateData {
  readonly updateProject: { readonly events?: readonly unknown[] };
}

await runBench("Fan-out of one project's events", async (scope) => {
  const place = await makePlace(scope);
  const { projectId, sequence } = await seed(place);
  const server = await startServer(scope, place, { reportCommits: true });
  const client = new ApiClient(server.url, 1);
  const target = { url: server.url, projectId };

  // What the first sockets and events cost (compiled code, buffers) is not what a further subscription costs.
  const warmUp = await startSubscribers(scope, target, WARM_UP_SUBSCRIBERS);
  await publish(client, projectId, WARM_UP_EVENTS);
  await warmUp.collect({ first: sequence + 1, events: WARM_UP_EVENTS });
  await warmUp.stop();

  const before = await server.memory();
  const subscribers = await startSubscribers(scope, target, SUBSCRIBERS);
  const idle = await server.memory();
  const commitsBefore = server.commits.length;
  const published = await publish(client, projectId, EVENTS);
  const received = await subscribers.collect({ first: sequence + WARM_UP_EVENTS + 1, events: EVENTS });
  const after = await server.memory();
  const commits = server.commits.slice(commitsBefore);
  check(commits.length === EVENTS, `${commits.length} commits for ${EVENTS} events`);
  await subscribers.stop();
  client.close();
  await server.stop();

  const { times, lost, duplicates, disordered, problems } = received;
  const latencies = times.map((at, index) => at - (commits[index % EVENTS] ?? Number.NaN));
  const lastReceipts = commits.map((at, event) => latest(times, event) - at);
  const row = (what: string, values: ArrayLike<number>) => [
    what,
    values.length,
    ...[50, 95, 99, 100].map((percent) => percentile(values, percent)),
  ];
  printTable(
    ["time", "n", "p50 ms", "p95 ms", "p99 ms", "max ms"],
    [
      row("commit to receipt", latencies),
      row("commit to the last subscriber's receipt", lastReceipts),
      row("command over HTTP meanwhile", published.times),
    ],
  );
  printTable(
    ["subscribers", "events/s", "deliveries", "lost", "duplicate", "disordered"],
    [[SUBSCRIBERS, published.perSecond, times.length, lost, duplicates, disordered]],
  );
  const megabytes = (bytes: number) => bytes / 2 ** 20;
  const perSubscription = (bytes: number) => bytes / 1024 / SUBSCRIBERS;
  printTable(
    ["server's memory", "without MB", "1,000 idle MB", "after events MB", "KB per idle subscription"],
    (["rss", "heapUsed"] as const).map((kind) => [
      kind,
      ...[before, idle, after].map((memory) => megabytes(memory[kind])),
      perSubscription(idle[kind] - before[kind]),
    ]),
  );
  const database = await place.open();
  scope.defer(() => database.close());
  await printSetting(database);

  check(problems.length === 0, `Subscriptions failed: ${problems[0]}`);
  check(lost + duplicates + disordered === 0, "Events were lost, duplicated or out of order.");
  check(published.perSecond > PER_SECOND * 0.8, "The server took far fewer than 10 events per second.");
  check(Number.isFinite(median(latencies)), "There is no latency.");
});

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

/** Appends events at the rate, one command at a time; a late one does not move those after it. */
async function publish(
  client: ApiClient,
  projectId: string,
  events: number,
): Promise<{ times: number[]; perSecond: number }> {
  const times: number[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < events; number += 1) {
    const dueAt = startedAt + (number * 1000) / PER_SECOND;
    await wait(Math.max(0, dueAt - performance.now()));
    const sentAt = performance.now();
    const input = { projectId, description: `Draft ${number}` };
    const { updateProject } = await client.execute<UpdateData>(UPDATE, { input });
    check(updateProject.events?.length === 1, `A command came to ${JSON.stringify(updateProject)}`);
    times.push(performance.now() - sentAt);
  }
  const last = Math.max(performance.now() - startedAt, (events * 1000) / PER_SECOND);
  return { times, perSecond: (events * 1000) / last };
}

function latest(times: Float64Array, event: number): number {
  return times.reduce((max, at, index) => (index % EVENTS === event && at > max ? at : max), 0);
}
