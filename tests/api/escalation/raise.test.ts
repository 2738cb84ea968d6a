import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { subscribe } from "../../support/subscription.ts";
import { Agent, createRun, expectLost, plan, readRun, standings } from "../support/agent.ts";
import {
  answer,
  ClaimAnswered,
  claimAnswered,
  RaiseEscalation,
  RunStream,
  readEscalation,
  typesOf,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { nextEvent } from "../support/streams.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
let projectId: string;

beforeAll(async () => {
  projectId = await founder.project();
});

const run = (...lines: string[]) => createRun(founder, projectId, plan(...lines));
const OPTIONS = [
  { value: "postgres", label: "PostgreSQL", description: "One server more." },
  { value: "sqlite", label: "SQLite", description: "" },
];

describe("an agent that asks without a failure", () => {
  test("shows a person its lines, and nothing that would steer or reorder them", async () => {
    const { held } = await agent.claim({ runId: await run("a") });
    const { escalation, events } = await founder.succeed(RaiseEscalation, {
      ...held,
      problem: "Which\u001b[2J\u0007 one?\r\n\r\n\tA or\u202E B",
      recommendedAction: "Take A\u202E.",
      attempts: ["I read\u009b1m it.\u0007"],
      options: [{ value: "a", label: "A\u202E", description: "One\u0007\r\nserver" }],
    });
    expect(escalation).toMatchObject({
      plainEnglishProblem: "Which one?\n\n\tA or B",
      recommendedAction: "Take A.",
      attemptsSummary: ["I read it."],
      options: [{ value: "a", label: "A", description: "One\nserver" }],
    });
    expect(JSON.stringify(events)).not.toMatch(/\\u001b|\\u0007|\u202E|\\r/);
  });

  test("is refused when nothing of its question can be seen", async () => {
    const { held } = await agent.claim({ runId: await run("a") });
    expect(await founder.run(RaiseEscalation, { ...held, problem: "\u202E\u0007" })).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path: "problem" }],
    });
  });

  test("stops its own workstream, and nothing else", async () => {
    const runId = await run("a", "b: a", "c");
    const { held } = await agent.claim({ runId });
    await agent.startStep(held);
    const { escalation, events } = await founder.succeed(RaiseEscalation, {
      ...held,
      problem: "Which database should it be?",
      recommendedAction: "Take PostgreSQL.",
      errorType: "choice",
      attempts: ["I read the brief."],
      options: OPTIONS,
    });
    expect(typesOf(events)).toEqual(["step_completed", "workstream_transition", "agent.waiting_for_input"]);
    expect(events.at(-1)).toMatchObject({
      __typename: "EscalationEvent",
      actor: "AGENT",
      detail: { key: "a", origin: "AGENT", options: ["postgres", "sqlite"] },
    });
    expect(escalation).toMatchObject({
      origin: "AGENT",
      step: null,
      errorType: "choice",
      plainEnglishProblem: "Which database should it be?",
      recommendedAction: "Take PostgreSQL.",
      attemptsSummary: ["I read the brief."],
      options: OPTIONS,
      run: { pausedAt: null },
    });
    expect(await standings(founder, runId)).toEqual({
      run: "RUNNING",
      a: "BLOCKED",
      b: "PENDING",
      c: "READY",
    });
    expectLost(await founder.run(RaiseEscalation, { ...held, problem: "Again?" }), "BLOCKED", /nobody holds/);
    expect((await agent.claim({ runId })).key).toBe("c");
  });

  test("gets its own option as the answer, with the next claim", async () => {
    const runId = await run("a");
    const { held } = await agent.claim({ runId });
    const input = { ...held, problem: "Which?", options: OPTIONS };
    const { escalation } = await founder.succeed(RaiseEscalation, input);
    const { events } = await answer(founder, escalation.id, "sqlite");
    expect(typesOf(events)).toEqual(["agent.escalation_resolved", "workstream_transition"]);
    expect(await claimAnswered(founder, runId)).toMatchObject({
      workstream: { guidance: null },
      answer: { id: escalation.id, founderDecision: "sqlite", founderGuidance: null },
    });
  });

  test("is offered what a breaker offers, unless it offers something itself", async () => {
    const { held } = await agent.claim({ runId: await run("a") });
    const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: "Well?" });
    expect(escalation).toMatchObject({ errorType: "agent_question", recommendedAction: expect.any(String) });
    expect(escalation.options.map(({ value }) => value)).toContain("provide_guidance");
  });

  test("two that ask the same are two questions", async () => {
    const runId = await run("a", "b");
    const ids: string[] = [];
    for (const _ of ["a", "b"]) {
      const { held } = await agent.claim({ runId });
      const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: "Which?" });
      ids.push(escalation.id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  test("an answer that comes before the agent begins to wait is not lost", async () => {
    const runId = await run("a");
    const { held } = await agent.claim({ runId });
    const { endCursor: after } = await readRun(founder, runId);
    const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: "Which?" });
    await answer(founder, escalation.id, "provide_guidance", "The first one.");

    // Only now does the agent listen: the stream replays the answer, and the claim holds it anyway.
    const stream = await subscribe("WebSocket", app.url, RunStream, { runId, after });
    let type = "";
    while (type !== "agent.escalation_resolved") ({ type } = await nextEvent(stream));
    await stream.close();
    expect(await claimAnswered(founder, runId)).toMatchObject({ workstream: { guidance: "The first one." } });
  });

  test("the session is the one that the claim named, or the workstream's id and attempt", async () => {
    const runId = await run("a", "b");
    const claim = { runId, agent: "agent-1" };
    const named = await founder.succeed(ClaimAnswered, { ...claim, sessionId: "session-7" });
    const unnamed = await founder.succeed(ClaimAnswered, claim);
    const sessions: string[] = [];
    for (const { workstream, leaseToken } of [named, unnamed]) {
      const held = { workstreamId: workstream?.id ?? "", leaseToken: leaseToken ?? "" };
      const { escalation } = await founder.succeed(RaiseEscalation, { ...held, problem: "Which?" });
      sessions.push((await readEscalation(founder, escalation.id)).sessionId);
    }
    expect(sessions).toEqual(["session-7", expect.stringMatching(/^[0-9a-f-]{36}\/1$/)]);
  });
});
