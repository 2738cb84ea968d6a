import { setTimeout as wait } from "node:timers/promises";
import { pino } from "pino";
import { v7 } from "uuid";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createEventLog } from "../../src/events/log.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { decodeId } from "../../src/schema/ids.ts";
import { resumeGenerations } from "../../src/services/artifact/resume-generations.ts";
import { purgeExpiredKeys } from "../../src/services/command/idempotency.ts";
import { resumeDiscussions } from "../../src/services/discussion/resume-discussions.ts";
import { applyDeadlines } from "../../src/services/escalation/apply-deadlines.ts";
import { sweepExpiredLeases } from "../../src/services/run/sweep-expired-leases.ts";
import type { ModelServices, Outbox } from "../../src/services/services.ts";
import { makeWorld } from "../../tests/fuzz/support/world.ts";
import { makeFounder } from "./founder.ts";
import { commandMover } from "./movers.ts";
import { LOWER, makeMovingProjects } from "./moves.ts";
import type { Place } from "./place.ts";
import { check } from "./run-bench.ts";

const PATIENCE_MS = 30_000;
const BUSY = `query ($id: ID!) { project(id: $id) { artifactGeneration { status } discussions { nodes { activity } } } }`;

/** Nothing is stalled: whoever looks for it enqueues nothing. */
const NO_OUTBOX: Outbox = {
  ready: async () => {},
  generateArtifacts: async () => {},
  discuss: async () => {},
  committed: () => {},
};

/**
 * The SQL statements of what is not only read: commands with what follows from them (claims, documents, discussions, questions),
 * a transition, the reads of subscriptions and replay, and all that is looked for again and again. Two projects of the
 * development user are archived for it, since their plan allows no further ones.
 */
export async function statementsOfCommands(place: Place): Promise<Set<string>> {
  const statements = new Set<string>();
  const database = await place.open({ onStatement: (sql) => statements.add(sql) });
  const { prisma } = database;
  const founder = await makeFounder(database);
  const oldest = await prisma.project.findMany({
    where: { ownerId: founder.userId },
    orderBy: { id: "asc" },
    select: { id: true },
    take: 2,
  });
  const id = { in: oldest.map((project) => project.id) };
  await prisma.project.updateMany({ where: { id }, data: { archivedAt: new Date() } });
  const app = createApp({
    config: loadConfig({ PORT: "0", SEED_DEMO: "false" }),
    database,
    log: pino({ level: "silent" }),
    clock: systemClock,
    ids: { next: () => v7() },
    runner: createOfflineRunner({ scenario: null }),
    parts: ["api", "jobs"],
  });
  try {
    await app.start();
    statements.clear();
    const ask = async (query: string, variables: object) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${app.url}/graphql`, { method: "POST", headers, body });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
      check(errors === undefined, `${body} is answered with ${JSON.stringify(errors)}`);
      return data;
    };
    const world = await makeWorld("Explained", ask);
    const [id = ""] = world.idsFor("projectId");
    const until = performance.now() + PATIENCE_MS;
    while (/RUNNING|"ROUND"|"SUMMARY"/.test(JSON.stringify(await ask(BUSY, { id })))) {
      check(performance.now() < until, "What was begun is not done in time.");
      await wait(100);
    }
    const projectId = decodeId("project", id, "id");
    const [moving] = await makeMovingProjects(founder, 1);
    const move = { projectId: moving?.id ?? "", to: LOWER, idempotencyKey: v7() } as const;
    await commandMover(founder)(move);
    const log = createEventLog(prisma);
    check((await log.readAfter(projectId, 0, 500)).length > 0, "There is no log.");
    await log.headsOfProjects([projectId]);
    await log.headsOfMembers([founder.userId]);
    const services = {
      ...founder.services,
      jobs: NO_OUTBOX,
      documentTimeoutMs: PATIENCE_MS,
    } as unknown as ModelServices;
    await sweepExpiredLeases(services);
    await applyDeadlines(services);
    await resumeGenerations(services);
    await resumeDiscussions(services);
    await purgeExpiredKeys(prisma, new Date());
    return new Set([...statements].filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql)));
  } finally {
    await app.stop();
  }
}
