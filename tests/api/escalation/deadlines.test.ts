import { beforeAll, describe, expect, test } from "vitest";
import { applyDeadlines } from "../../../src/services/escalation/apply-deadlines.ts";
import type { BreakerPolicy, ExpiryPolicy, RaiseEscalationInput } from "../../generated/graphql.ts";
import { useApp } from "../../support/app.ts";
import { SequentialIds } from "../../support/ids.ts";
import { Agent, createRun, plan, readRun, standings } from "../support/agent.ts";
import { ParkProject } from "../support/commands.ts";
import {
  answer,
  claimAnswered,
  fail,
  RaiseEscalation,
  ResolveEscalation,
  readEscalation,
  stick,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
const ids = new SequentialIds();
let projectId: string;

beforeAll(async () => {
  await founder.enlargePlan();
  projectId = await founder.project();
});

const SECONDS = 90;
const apply = () => {
  const { prisma } = app.database;
  return applyDeadlines({ prisma, clock: app.clock, ids, wakeups: { publish: () => {} } });
};

/** A question that is due in a while, in a run of its own with something that depends on it. */
async function ask(given: Partial<RaiseEscalationInput>) {
  const runId = await createRun(founder, projectId, plan("a", "b: a", "c"));
  const { held } = await agent.claim({ runId });
  const dueAt = new Date(app.clock.now().getTime() + SECONDS * 1_000).toISOString();
  const { escalation } = await founder.succeed(RaiseEscalation, {
    ...held,
    problem: "Which?",
    dueAt,
    ...given,
  });
  return { runId, id: escalation.id };
}

const OPTIONS = [
  { value: "postgres", label: "PostgreSQL" },
  { value: "sqlite", label: "SQLite" },
];

type Row = [
  policy: ExpiryPolicy,
  given: Partial<RaiseEscalationInput>,
  escalation: Record<string, unknown>,
  standing: Record<string, string>,
];
const POLICIES: Row[] = [
  ["WAIT", {}, { status: "PENDING", resolution: null, resolvedAt: null }, { a: "BLOCKED", b: "PENDING" }],
  ["RETRY", {}, { status: "RESOLVED", founderDecision: "retry" }, { a: "READY", b: "PENDING" }],
  ["SKIP", {}, { status: "SKIPPED", founderDecision: null }, { a: "ABANDONED", b: "BLOCKED", c: "READY" }],
  ["ABORT", {}, { status: "RESOLVED", founderDecision: "abort" }, { run: "ABANDONED", c: "ABANDONED" }],
  [
    "DEFAULT_OPTION",
    { options: OPTIONS, defaultOption: "sqlite" },
    { status: "RESOLVED", founderDecision: "sqlite" },
    { a: "READY", b: "PENDING" },
  ],
];

describe("a deadline that passes", () => {
  test.for(POLICIES)("with %s is applied once, by the system", async ([
    onExpiry,
    given,
    outcome,
    standing,
  ]) => {
    const { runId, id } = await ask({ onExpiry, ...given });
    app.clock.advanceSeconds(SECONDS - 1);
    expect(await apply()).toBe(0);
    app.clock.advanceSeconds(1);
    expect(await apply()).toBe(1);
    const found = await readEscalation(founder, id);
    expect(found).toMatchObject({
      onExpiry,
      resolvedBy: null,
      expiredAt: app.clock.now().toISOString(),
      ...outcome,
      ...(onExpiry !== "WAIT" && { resolution: "DEADLINE", resolvedAt: app.clock.now().toISOString() }),
    });
    expect(await standings(founder, runId)).toMatchObject(standing);
    const { timeline } = await readRun(founder, runId);
    const mine = timeline.nodes.filter(({ subject }) => subject === "ESCALATION").slice(1);
    expect(mine.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
      "agent.escalation_expired SYSTEM",
      ...(onExpiry === "WAIT" ? [] : ["agent.escalation_resolved SYSTEM"]),
    ]);

    app.clock.advanceSeconds(SECONDS);
    expect(await apply()).toBe(0);
    expect(await readEscalation(founder, id)).toEqual(found);
  });

  test("what goes on gets the default answer with its next claim", async () => {
    const given = { onExpiry: "DEFAULT_OPTION", options: OPTIONS, defaultOption: "postgres" } as const;
    const { runId, id } = await ask(given);
    app.clock.advanceSeconds(SECONDS);
    await apply();
    expect(await claimAnswered(founder, runId)).toMatchObject({
      key: "c",
      answer: null,
    });
    expect(await claimAnswered(founder, runId)).toMatchObject({
      key: "a",
      answer: { id, founderDecision: "postgres" },
    });
  });

  test("after the answer it does nothing, and after it WAIT can still be answered", async () => {
    const answered = await ask({ onExpiry: "ABORT" });
    await answer(founder, answered.id, "retry");
    const waiting = await ask({});
    app.clock.advanceSeconds(SECONDS);
    expect(await apply()).toBe(1);
    expect(await standings(founder, answered.runId)).toMatchObject({ run: "RUNNING", a: "READY" });
    const { escalation } = await answer(founder, waiting.id, "retry");
    expect(escalation).toMatchObject({ resolution: "ANSWER", expiredAt: expect.any(String) });
  });

  test("whoever answers after it is told what was decided, by nobody", async () => {
    const { id: escalationId } = await ask({ onExpiry: "RETRY" });
    app.clock.advanceSeconds(SECONDS);
    await apply();
    const at = app.clock.now().toISOString();
    const refused = await founder.run(ResolveEscalation, { escalationId, decision: "abort" });
    expect(refused).toMatchObject({
      __typename: "ConflictError",
      decided: { decision: "retry", by: null, at },
    });
  });

  test("is applied in a parked project too, which hands out nothing all the same", async () => {
    const parked = await founder.project("Parked");
    const runId = await createRun(founder, parked, plan("a"));
    const { held } = await agent.claim({ runId });
    const dueAt = new Date(app.clock.now().getTime() + 1_000).toISOString();
    await founder.succeed(RaiseEscalation, { ...held, problem: "Which?", dueAt, onExpiry: "RETRY" });
    await founder.succeed(ParkProject, { projectId: parked });
    app.clock.advanceSeconds(1);
    expect(await apply()).toBe(1);
    expect(await standings(founder, runId)).toMatchObject({ a: "READY" });
    expect(await agent.tryClaim({ runId })).toBeNull();
  });

  test.for([
    ["RETRY", { a: "READY" }],
    ["SKIP", { a: "ABANDONED" }],
    ["ABORT", { run: "ABANDONED" }],
    ["WAIT", { a: "BLOCKED" }],
  ] as [
    BreakerPolicy,
    Record<string, string>,
  ][])("a run's own policy, %s, holds for the questions of its breaker", async ([onExpiry, standing]) => {
    const escalations = { answerWithinSeconds: SECONDS, onExpiry };
    const runId = await createRun(founder, projectId, plan("a", "b"), { escalations });
    const { escalationId } = await stick(founder, agent, runId);
    const dueAt = new Date(app.clock.now().getTime() + SECONDS * 1_000).toISOString();
    expect(await readEscalation(founder, escalationId)).toMatchObject({ dueAt, onExpiry });
    app.clock.advanceSeconds(SECONDS);
    expect(await apply()).toBe(1);
    expect(await standings(founder, runId)).toMatchObject(standing);
  });

  test("a retry by the clock on a fault that stays is asked anew, with a new deadline", async () => {
    const escalations = { answerWithinSeconds: SECONDS, onExpiry: "RETRY" as const };
    const runId = await createRun(founder, projectId, plan("a"), { escalations });
    await stick(founder, agent, runId);
    app.clock.advanceSeconds(SECONDS);
    expect(await apply()).toBe(1);
    const { held } = await agent.claim({ runId });
    const { escalation } = await fail(founder, held);
    const dueAt = new Date(app.clock.now().getTime() + SECONDS * 1_000).toISOString();
    expect(await readEscalation(founder, escalation?.id ?? "")).toMatchObject({ status: "PENDING", dueAt });
  });
});
