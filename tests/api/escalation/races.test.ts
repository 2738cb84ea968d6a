import { beforeEach, describe, expect, test } from "vitest";
import { applyDeadlines } from "../../../src/services/escalation/apply-deadlines.ts";
import { join, userIdOf } from "../../access/support/team.ts";
import { startApp, type TestApp } from "../../support/app.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../../support/database.ts";
import { SequentialIds } from "../../support/ids.ts";
import { bearer, SECRET_AUTH } from "../../support/tokens.ts";
import { Agent, createRun, type Held, plan, readRun, standings } from "../support/agent.ts";
import {
  FAULT,
  failUntilAsked,
  RaiseEscalation,
  ResolveEscalation,
  readEscalation,
  SkipEscalation,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { RecordError } from "../support/run-commands.ts";

const ROUNDS = 100;
const AGENTS = 10;

// PGlite runs one transaction at a time: only a server lets two of them meet.
describe.skipIf(!postgresAvailable)("on PostgreSQL", () => {
  let app: TestApp;
  let founder: Founder;
  let agent: Agent;
  let projectId: string;

  beforeEach(async () => {
    app = await startApp({ database: await createPostgresTestDatabase(), config: { auth: SECRET_AUTH } });
    founder = new Founder(app, await bearer("ada"));
    agent = new Agent(founder);
    projectId = await founder.project();
  });

  async function expectWholeLog(): Promise<void> {
    const { count, verification } = await founder.log(projectId);
    expect(verification).toEqual({ ok: true, checked: count, fault: null });
  }

  test("of two founders who answer at the same moment one counts, and the other is told what was decided, by whom and when", async () => {
    const partner = await join(app, founder, projectId, "EDITOR");
    const founders = [founder, partner.founder];
    const userIds = [await userIdOf(founder), partner.userId];
    const winners = new Set<number>();
    const runId = await createRun(founder, projectId, plan("a"));
    for (let round = 0; round < ROUNDS; round += 1) {
      const { held } = await agent.claim({ runId });
      const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: `Round ${round}?` });
      const { id } = escalation;
      const answers = ["retry", "provide_guidance"].map((decision, index) => ({
        escalationId: id,
        decision,
        guidance: `From ${index}`,
      }));
      const results = await Promise.all(
        answers.map((input, index) => founders[index]?.run(ResolveEscalation, input)),
      );
      const won = results.findIndex((result) => result && "events" in result);
      winners.add(won);
      expect(results.filter((result) => result && "events" in result)).toHaveLength(1);
      const found = await readEscalation(founder, id);
      expect(found).toMatchObject({
        status: "RESOLVED",
        founderDecision: answers[won]?.decision,
        founderGuidance: answers[won]?.guidance,
        resolvedBy: { id: userIds[won] },
        workstream: { status: "READY", guidance: answers[won]?.guidance },
      });
      expect(results[1 - won]).toMatchObject({
        __typename: "ConflictError",
        currentState: "RESOLVED",
        decided: {
          decision: answers[won]?.decision,
          by: { id: userIds[won] },
          at: found.resolvedAt,
        },
      });
    }
    const { timeline } = await readRun(founder, runId);
    const resolved = timeline.nodes.filter(
      ({ type, subject }) => subject === "ESCALATION" && type === "agent.escalation_resolved",
    );
    expect(resolved.length).toBeGreaterThan(0);
    await expectWholeLog();
  }, 120_000);

  test("an answer, a skip and two workers of deadlines at once: one of them counts", async () => {
    for (let round = 0; round < 20; round += 1) {
      const runId = await createRun(founder, projectId, plan("a", "b"));
      const { held } = await agent.claim({ runId });
      const dueAt = new Date(app.clock.now().getTime() + 1_000).toISOString();
      const asked = { ...held, problem: "Which?", dueAt, onExpiry: "RETRY" as const };
      const { escalation } = await founder.succeed(RaiseEscalation, asked);
      app.clock.advanceSeconds(1);
      const { prisma } = app.database;
      const worker = () =>
        applyDeadlines({
          prisma,
          clock: app.clock,
          ids: new SequentialIds(),
          wakeups: { publish: () => {} },
        });
      const [answered, skipped, ...applied] = await Promise.all([
        founder.run(ResolveEscalation, { escalationId: escalation.id, decision: "retry" }),
        founder.run(SkipEscalation, { escalationId: escalation.id }),
        worker(),
        worker(),
      ]);
      const people = [answered, skipped].filter((result) => result && "events" in result).length;
      expect(people + applied.reduce((sum, count) => sum + count, 0)).toBe(1);
      const { timeline } = await readRun(founder, runId);
      expect(timeline.nodes.filter(({ type }) => type === "agent.escalation_resolved")).toHaveLength(1);
    }
    await expectWholeLog();
  }, 60_000);

  test("many agents that meet one fault at once open one question, and all wait for it", async () => {
    const keys = Array.from({ length: AGENTS }, (_, index) => `w${index}`);
    const runId = await createRun(founder, projectId, plan(...keys));
    const held: Held[] = [];
    for (const _ of keys) held.push((await agent.claim({ runId })).held);
    const asked = await Promise.all(held.map((each) => failUntilAsked(founder, each)));
    expect(new Set(asked).size).toBe(1);
    const found = await readEscalation(founder, asked[0] ?? "");
    expect(found.stopped.totalCount).toBe(AGENTS);
    expect(found.stopped.nodes.map(({ position }) => position)).toEqual(keys.map((_, index) => index));
    await founder.succeed(ResolveEscalation, { escalationId: found.id, decision: "retry" });

    // All of them come back at once; one is let in, fails, and a new question holds all.
    const claims = await Promise.all(keys.map(() => agent.tryClaim({ runId })));
    const [only, ...more] = claims.filter((claim) => claim !== null);
    expect(more).toEqual([]);
    const again = await founder.succeed(RecordError, { ...(only?.held as Held), ...FAULT });
    const next = await readEscalation(founder, again.escalation?.id ?? "");
    expect(next.stopped.totalCount).toBe(AGENTS);
    expect(new Set(Object.values(await standings(founder, runId)))).toEqual(new Set(["RUNNING", "BLOCKED"]));
    await expectWholeLog();
  }, 60_000);
});
