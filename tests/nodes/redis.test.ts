import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { Viewer } from "../api/support/queries.ts";
import { uuidOf } from "../api/support/rows.ts";
import { HeartbeatWorkstream } from "../api/support/run-commands.ts";
import { nextSequences, ProjectStream } from "../api/support/streams.ts";
import { connectRedis } from "../limits/support.ts";
import { send } from "../support/client.ts";
import { postgresAvailable } from "../support/database.ts";
import { type RedisServer, redisAvailable, startRedis } from "../support/redis-server.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { type Cluster, LIMITS, startCluster } from "./support/cluster.ts";
import { expectGapless, person } from "./support/people.ts";
import { testTwoNodes, write } from "./support/suite.ts";

const STARTS_TIMEOUT_MS = 120_000;
/** Wake-ups that are lost cost up to 5 seconds. */
const POLLED_TIMEOUT_MS = 60_000;

describe.skipIf(!postgresAvailable || !redisAvailable)("the same with REDIS_URL", () => {
  let server: RedisServer;
  let cluster: Cluster;
  beforeAll(async () => {
    server = await startRedis();
    cluster = await startCluster({ REDIS_URL: server.url, REDIS_PREFIX: "cluster" });
  }, STARTS_TIMEOUT_MS);
  afterAll(async () => {
    await cluster?.end();
    await server?.kill();
  });

  testTwoNodes(() => cluster);

  test("nothing goes through PostgreSQL that goes through Redis", async () => {
    const redis = await connectRedis(server.url);
    const ask = (script: string) => redis.run(script, [], []);
    expect(await ask("return redis.call('PUBSUB', 'NUMSUB', 'cluster:wakeups')[2]")).toBe(4);
    expect(await ask("return #redis.call('KEYS', 'cluster:requests:user:*') > 0")).toBe(1);
    const { prisma } = cluster.database;
    expect(await prisma.rateLimit.count()).toBe(0);
    expect(await prisma.openSubscription.count()).toBe(0);
    const listening = await prisma.$queryRaw`
      SELECT FROM pg_stat_activity
      WHERE application_name = 'gatehouse-listen' AND datname = current_database()`;
    expect(listening).toEqual([]);
  });

  test("Redis killed and back loses no event", { timeout: POLLED_TIMEOUT_MS }, async () => {
    const { a, b } = cluster;
    const { atA, atB, headers } = await person(cluster);
    const projectId = await atA.project();
    const { endCursor: after } = await atA.log(projectId);
    const streams = await Promise.all(
      [a, b].flatMap(({ url }) =>
        TRANSPORTS.map((transport) =>
          subscribe(transport, url, ProjectStream, { projectId, after }, headers),
        ),
      ),
    );
    const received = streams.map((stream) => nextSequences(stream, 120));
    const both = (count: number) => Promise.all([write(atA, projectId, count), write(atB, projectId, count)]);
    const writing = both(20);
    await server.kill();
    await writing;
    await both(20);
    await server.start();
    await both(20);
    const [first = [], ...others] = await Promise.all(received);
    expectGapless(first);
    for (const sequences of others) expect(sequences).toEqual(first);
  });

  test("without Redis the nodes say that they are degraded, stay ready and hold the limits each by itself", {
    timeout: POLLED_TIMEOUT_MS,
  }, async () => {
    const { a, b } = cluster;
    await expect.poll(() => readiness(a.url)).toMatchObject({ httpStatus: 200, status: "ready" });
    await server.kill();
    await expect.poll(() => readiness(a.url)).toMatchObject({ httpStatus: 200, status: "degraded" });
    expect(await readiness(a.url)).toMatchObject({ checks: { database: "ok", redis: expect.any(String) } });
    const { headers } = await person(cluster);
    for (const { url } of [a, b]) {
      const replies = await Promise.all(
        Array.from({ length: LIMITS.requests + 20 }, () => send(url, "{ __typename }", undefined, headers)),
      );
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(LIMITS.requests);
    }
    await server.start();
    for (const { url } of [a, b]) {
      await expect.poll(() => readiness(url), { timeout: 20_000 }).toMatchObject({ status: "ready" });
    }
  });

  // From here on a process is missing.

  test("what a killed API process had goes on at the other", { timeout: POLLED_TIMEOUT_MS }, async () => {
    const redis = await connectRedis(server.url);
    await expect.poll(() => bothCountIn(redis), { timeout: 20_000 }).toBe(true);
    const { atA, atB, headers } = await person(cluster);
    const projectId = await atA.project();
    const runId = await createRun(atA, projectId, plan("a"));
    const { held } = await new Agent(atA).claim({ runId });
    const { endCursor: after } = await atA.log(projectId);
    const open = (url: string) => subscribe("WebSocket", url, ProjectStream, { projectId, after }, headers);
    const streams = await Promise.all(
      Array.from({ length: LIMITS.subscriptions }, () => open(cluster.a.url)),
    );
    await write(atA, projectId, 3);
    const seen = (await Promise.all(streams.map((stream) => nextSequences(stream, 3))))[0] ?? [];
    const { viewer } = await atA.read(Viewer, {});
    const mine = `cluster:subscriptions:${uuidOf(viewer.id)}`;
    const held6 = "return redis.call('HVALS', KEYS[1])[1]";
    await expect.poll(() => redis.run(held6, [mine], [])).toMatch(/^6:/);
    await cluster.a.kill();

    await atB.succeed(HeartbeatWorkstream, held);
    await write(atB, projectId, 3);
    const refused = await (await open(cluster.b.url)).next();
    expect(refused?.errors).toMatchObject([{ extensions: { code: "TOO_MANY_SUBSCRIPTIONS" } }]);
    // A minute passes for what the dead node had said.
    await redis.run("return redis.call('DEL', KEYS[1])", [mine], []);
    const sequences = await nextSequences(await open(cluster.b.url), 6);
    expectGapless(sequences);
    expect(sequences.slice(0, 3)).toEqual(seen);
  });

  /** Whether both nodes count in Redis: when it was away, each does without it for a second. */
  async function bothCountIn(redis: Awaited<ReturnType<typeof connectRedis>>): Promise<boolean> {
    const counts = [];
    for (const node of ["atA", "atB"] as const) {
      const { viewer } = await (await person(cluster))[node].read(Viewer, {});
      const counted = "return redis.call('EXISTS', KEYS[1])";
      counts.push(await redis.run(counted, [`cluster:requests:user:${uuidOf(viewer.id)}`], []));
    }
    return counts.every((count) => count === 1);
  }
});

async function readiness(url: string) {
  const response = await fetch(`${url}/health/ready`);
  const body = (await response.json()) as { status: string; checks: Record<string, string> };
  return { httpStatus: response.status, ...body };
}
