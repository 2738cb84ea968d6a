import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { Agent, createRun, expectLost, plan, readRun, standings } from "../support/agent.ts";
import {
  answer,
  claimAnswered,
  FAULT,
  fail,
  failUntilAsked,
  readEscalation,
  stick,
  typesOf,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { RecordError, TransitionRun, TransitionWorkstream } from "../support/run-commands.ts";

const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
let projectId: string;

beforeAll(async () => {
  projectId = await founder.project();
});

const run = (...lines: string[]) => createRun(founder, projectId, plan(...lines));

describe("the breaker", () => {
  test("asks in sentences that names of agents and workstreams cannot break", async () => {
    const name = "bot\u001b[2J\u0007\r\nAnswer abort\u202E";
    const [workstream] = plan("a");
    const title = "Orders\u001b]0;x\u0007\r\npage\u202E";
    const runId = await createRun(founder, projectId, [{ ...workstream, key: "a", title }]);
    const hostile = new Agent(founder, name);
    const { escalationId } = await stick(founder, hostile, runId);
    const { plainEnglishProblem, attemptsSummary } = await readEscalation(founder, escalationId);
    expect(plainEnglishProblem).toContain("of “Orders page” failed 3 times");
    expect(attemptsSummary[0]).toContain("Attempt 1: bot Answer abort did the step");
    expect([plainEnglishProblem, ...attemptsSummary].join("")).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
  });

  test("has the agent retry twice, and asks a person at the third failure of the same signature", async () => {
    const runId = await run("a", "b: a", "c");
    const { held } = await agent.claim({ runId });
    await agent.startStep(held, "static");

    const first = await fail(founder, held);
    expect(first).toMatchObject({ next: "RETRY", attempt: 2, maxAttempts: 3, escalation: null });
    expect(typesOf(first.events)).toEqual(["error_recorded", "agent.retrying"]);
    expect(first.events[1]).toMatchObject({
      actor: "SYSTEM",
      subject: "RUN",
      detail: { key: "a", step: "static", attempt: 2, of: 3 },
    });
    const second = await fail(founder, held, { message: "Cannot find name 'Entry'." });
    expect(second).toMatchObject({ next: "RETRY", attempt: 3 });

    const third = await fail(founder, held);
    expect(third).toMatchObject({ next: "WAIT", attempt: null, escalation: { status: "PENDING" } });
    expect(typesOf(third.events)).toEqual([
      "error_recorded",
      "step_completed",
      "workstream_transition",
      "agent.build_paused",
      "agent.waiting_for_input",
    ]);
    expect(new Set(third.events.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(await standings(founder, runId)).toEqual({
      run: "RUNNING",
      a: "BLOCKED",
      b: "PENDING",
      c: "READY",
    });

    const escalation = await readEscalation(founder, third.escalation?.id ?? "");
    expect(escalation).toMatchObject({
      origin: "BREAKER",
      status: "PENDING",
      step: "static",
      errorType: "TYPE_ERROR",
      errorSignature: expect.stringMatching(/^[0-9a-f-]{36}:TYPE_ERROR:[0-9a-f]{64}$/),
      plainEnglishProblem: expect.stringContaining("failed 3 times in the same way"),
      attemptsSummary: [
        expect.stringContaining("Attempt 1: agent-1 did the step “static”"),
        expect.stringContaining("Attempt 2"),
        expect.stringContaining("Attempt 3"),
      ],
      founderDecision: null,
      resolution: null,
      resolvedAt: null,
      project: { id: projectId },
      run: { id: runId, pausedAt: expect.any(String) },
      workstream: { key: "a", status: "BLOCKED", blockedBy: "ESCALATION" },
      stopped: { totalCount: 1, nodes: [{ position: 0, step: "static", state: "STOPPED" }] },
    });
    expect(escalation.recommendedAction).not.toBe("");
    expect(escalation.options.map(({ value }) => value)).toEqual([
      "retry",
      "skip",
      "provide_guidance",
      "abort",
    ]);
    expect((await readRun(founder, runId)).workstreams.nodes[0]).toMatchObject({ leaseHolder: null });
    expectLost(await founder.run(RecordError, { ...held, ...FAULT }), "BLOCKED", /nobody holds it/);
  });

  test("counts each signature and each workstream by itself", async () => {
    const runId = await run("a", "b");
    const a = await agent.claim({ runId });
    const b = await agent.claim({ runId });
    for (const held of [a.held, b.held]) {
      for (const errorCode of ["E1", "E2"]) {
        for (const attempt of [2, 3]) {
          expect(await fail(founder, held, { errorCode })).toMatchObject({ next: "RETRY", attempt });
        }
      }
    }
    expect(await fail(founder, b.held, { errorCode: "E2" })).toMatchObject({ next: "WAIT" });
    expect(await standings(founder, runId)).toMatchObject({ a: "EDITING", b: "BLOCKED" });
  });

  test("a paused run hands out no work, and lets what is under way go on", async () => {
    const runId = await run("a", "b", "c");
    const other = await agent.claim({ runId });
    const { escalationId } = await stick(founder, agent, runId);
    expect(await agent.tryClaim({ runId })).toBeNull();
    await agent.move(other.held, "STATIC_CHECK");
    await founder.succeed(TransitionWorkstream, { ...other.held, to: "FAILED" });
    expect(await standings(founder, runId)).toMatchObject({ run: "RUNNING", a: "FAILED", c: "READY" });

    const { escalation, events } = await answer(founder, escalationId, "retry");
    expect(escalation.run.pausedAt).toBeNull();
    expect(typesOf(events)).toEqual([
      "agent.escalation_resolved",
      "workstream_transition",
      "agent.build_resumed",
    ]);
    expect((await agent.claim({ runId })).key).toBe("b");
    expect(await agent.tryClaim({ runId })).toBeNull();
  });

  test("a run stays paused until every question of its breaker is answered", async () => {
    const runId = await run("a", "b", "c");
    const a = await agent.claim({ runId });
    const b = await agent.claim({ runId });
    const first = await failUntilAsked(founder, a.held, { errorCode: "E1" });
    const second = await failUntilAsked(founder, b.held, { errorCode: "E2" });
    expect((await answer(founder, first, "retry")).escalation.run.pausedAt).not.toBeNull();
    expect(await agent.tryClaim({ runId })).toBeNull();
    expect((await answer(founder, second, "retry")).escalation.run.pausedAt).toBeNull();
    expect(await agent.tryClaim({ runId })).not.toBeNull();
  });

  test("only the answer lets a stopped workstream go on; a person may give it up, and the question is void", async () => {
    const runId = await run("a", "b");
    const { held, escalationId } = await stick(founder, agent, runId);
    const { workstreamId } = held;
    for (const to of ["READY", "PENDING"] as const) {
      expect(await founder.run(TransitionWorkstream, { workstreamId, to })).toMatchObject({
        __typename: "GuardRejectedError",
        rule: "ESCALATION_DECIDES",
        allowed: ["FAILED", "ABANDONED"],
      });
    }
    const { events } = await founder.succeed(TransitionWorkstream, { workstreamId, to: "ABANDONED" });
    expect(typesOf(events)).toEqual([
      "workstream_transition",
      "agent.escalation_resolved",
      "agent.build_resumed",
    ]);
    expect(await readEscalation(founder, escalationId)).toMatchObject({
      status: "SKIPPED",
      resolution: "WORKSTREAM_ENDED",
      resolvedBy: null,
      founderDecision: null,
    });
    expect((await agent.claim({ runId })).key).toBe("b");
  });

  test("nobody may ask for the move that an escalation makes", async () => {
    const runId = await run("a");
    const { held } = await agent.claim({ runId });
    for (const given of [held, { workstreamId: held.workstreamId, takeBack: true }]) {
      expect(await founder.run(TransitionWorkstream, { ...given, to: "BLOCKED" })).toMatchObject({
        __typename: "GuardRejectedError",
        rule: "ESCALATION_DECIDES",
      });
    }
  });

  test("when the run is abandoned, its questions are closed by the system", async () => {
    const runId = await run("a");
    const { escalationId } = await stick(founder, agent, runId);
    const { events } = await founder.succeed(TransitionRun, { runId, to: "ABANDONED" });
    expect(typesOf(events)).toContain("agent.escalation_resolved");
    expect(await readEscalation(founder, escalationId)).toMatchObject({
      status: "SKIPPED",
      resolution: "RUN_ENDED",
      resolvedBy: null,
      run: { pausedAt: null },
      stopped: { nodes: [{ state: "LEFT" }] },
    });
  });

  test("after the answer the next failure of the same kind asks at once", async () => {
    const runId = await run("a");
    const { escalationId } = await stick(founder, agent, runId);
    await answer(founder, escalationId, "provide_guidance", "Import it.");
    const { held, answer: given } = await claimAnswered(founder, runId);
    expect(given).toEqual({
      id: escalationId,
      founderDecision: "provide_guidance",
      founderGuidance: "Import it.",
    });
    const again = await fail(founder, held);
    expect(again).toMatchObject({ next: "WAIT" });
    expect(again.escalation?.id).not.toBe(escalationId);
    expect(await readEscalation(founder, again.escalation?.id ?? "")).toMatchObject({
      plainEnglishProblem: expect.stringContaining("after the answer “provide_guidance”"),
    });
  });
});
