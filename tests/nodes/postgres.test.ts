import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { Agent, createRun, plan } from "../api/support/agent.ts";
import { GenerateArtifacts } from "../api/support/documents.ts";
import type { Founder } from "../api/support/founder.ts";
import { Viewer } from "../api/support/queries.ts";
import { uuidOf } from "../api/support/rows.ts";
import { HeartbeatWorkstream } from "../api/support/run-commands.ts";
import { nextSequences, ProjectStream } from "../api/support/streams.ts";
import { QUICK, recordLog } from "../jobs/support.ts";
import { postgresAvailable } from "../support/database.ts";
import { subscribe } from "../support/subscription.ts";
import { type Cluster, LIMITS, startCluster } from "./support/cluster.ts";
import { expectGapless, person } from "./support/people.ts";
import { testTwoNodes, write } from "./support/suite.ts";

const STARTS_TIMEOUT_MS = 120_000;

describe.skipIf(!postgresAvailable)("two API processes and two workers on one PostgreSQL", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, STARTS_TIMEOUT_MS);
  afterAll(() => cluster?.end());

  testTwoNodes(() => cluster);

  test("each process listens for wake-ups", async () => {
    const listening = await cluster.database.prisma.$queryRaw`
      SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE application_name = 'gatehouse-listen' AND datname = current_database()`;
    expect(listening).toEqual([{ count: 4 }]);
  });

  // From here on processes are killed.

  test("the job of a worker that is killed is done by another", { timeout: STARTS_TIMEOUT_MS }, async () => {
    const { atA, atB } = await person(cluster);
    const projectId = await atA.project();
    const { prisma } = cluster.database;
    const cut = Promise.withResolvers<void>();
    const held = prisma.$transaction(
      async (tx) => {
        // The worker gets no further than to what the model will cost.
        await tx.$executeRaw`LOCK TABLE usage_log IN SHARE MODE`;
        await atA.succeed(GenerateArtifacts, { projectId });
        await cut.promise;
      },
      { timeout: STARTS_TIMEOUT_MS },
    );
    const active = () =>
      prisma.$queryRaw`SELECT FROM pgboss.job WHERE name = 'generate-artifacts' AND state = 'active'`;
    await expect.poll(active, { timeout: STARTS_TIMEOUT_MS }).toHaveLength(1);
    // Whoever starts now has nothing to take: the job is not given to another before its worker is known to be dead.
    await Promise.all([cluster.startWorker(), ...cluster.workers.map((worker) => worker.kill())]);
    cut.resolve();
    await held;
    await speedUpSupervision();
    // Not over the API: asking so often would use up what the person may ask.
    const generations = () =>
      prisma.artifactGeneration.findMany({
        where: { projectId: uuidOf(projectId) },
        select: { status: true },
      });
    await expect.poll(generations, { timeout: STARTS_TIMEOUT_MS }).toEqual([{ status: "COMPLETED" }]);
    const { events } = await atB.log(projectId);
    expect(events.filter(({ type }) => type === "artifact_generated")).toHaveLength(5);
  });

  test("what a killed API process had goes on at the other", async () => {
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
    await cluster.a.kill();

    await atB.succeed(HeartbeatWorkstream, held);
    await write(atB, projectId, 3);
    const refused = await (await open(cluster.b.url)).next();
    expect(refused?.errors).toMatchObject([{ extensions: { code: "TOO_MANY_SUBSCRIPTIONS" } }]);
    await endLeaseOf(atB);
    const resumed = await open(cluster.b.url);
    const sequences = await nextSequences(resumed, 6);
    expectGapless(sequences);
    expect(sequences.slice(0, 3)).toEqual(seen);
  });

  /** A minute passes for what the dead node had said of its subscriptions. */
  async function endLeaseOf(founder: Founder): Promise<void> {
    const { viewer } = await founder.read(Viewer, {});
    const ended = await cluster.database.prisma.$executeRaw`
      UPDATE open_subscription SET nodes = (
        SELECT jsonb_object_agg(key, value || '{"until": "2000-01-01"}') FROM jsonb_each(nodes)
      ) WHERE user_id = ${uuidOf(viewer.id)}::uuid`;
    expect(ended).toBe(1);
  }

  /** Half a minute passes for the jobs of the dead, and one more node looks after them each second. */
  async function speedUpSupervision(): Promise<void> {
    const queue = createJobQueue({
      database: cluster.database,
      log: recordLog().log,
      onFinished: () => {},
      cadence: QUICK,
    });
    onTestFinished(() => queue.stop());
    await queue.startWithoutWorkers([]);
    await cluster.database.prisma.$executeRaw`
      UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'`;
  }
});
