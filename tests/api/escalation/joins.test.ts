import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { Agent, createRun, type Held, plan, standings } from "../support/agent.ts";
import {
  answer,
  claimAnswered,
  FAULT,
  fail,
  failUntilAsked,
  RaiseEscalation,
  RunEscalations,
  readEscalation,
  SkipEscalation,
  stoppedStates,
  typesOf,
} from "../support/escalations.ts";
import { Founder } from "../support/founder.ts";
import { CompleteStep, ReadRun, TransitionWorkstream } from "../support/run-commands.ts";

const THRESHOLD = 3;
const app = useApp();
const founder = new Founder(app);
const agent = new Agent(founder);
let projectId: string;

beforeAll(async () => {
  projectId = await founder.project();
});

/** A run of independent workstreams that are all under way, in their order. */
async function underWay(...keys: string[]) {
  const runId = await createRun(founder, projectId, plan(...keys));
  const held: Held[] = [];
  for (const _ of keys) held.push((await agent.claim({ runId })).held);
  return { runId, held: held as [Held, ...Held[]] };
}

/** The first has asked, and the others have joined. */
async function allStopped(...keys: string[]) {
  const { runId, held } = await underWay(...keys);
  const [first, ...others] = held;
  const escalationId = await failUntilAsked(founder, first);
  for (const other of others) {
    expect(await fail(founder, other)).toMatchObject({ next: "WAIT", escalation: { id: escalationId } });
  }
  return { runId, escalationId };
}

async function failures(runId: string): Promise<number> {
  const { node } = await founder.read(ReadRun, { id: runId });
  if (node?.__typename !== "Run") throw new Error("The run is there.");
  return node.errorGroups.reduce((sum, { count }) => sum + count, 0);
}

describe("the same failure in several workstreams of a run", () => {
  test("joins the open question at its first failure", async () => {
    const { runId, held } = await underWay("a", "b", "c");
    const escalationId = await failUntilAsked(founder, held[0]);
    const joined = await fail(founder, held[1] as Held);
    expect(joined).toMatchObject({ next: "WAIT", escalation: { id: escalationId, status: "PENDING" } });
    expect(typesOf(joined.events)).toEqual([
      "error_recorded",
      "workstream_transition",
      "agent.escalation_joined",
    ]);
    expect(joined.events.at(-1)).toMatchObject({ detail: { key: "b", step: "static" } });
    expect(await fail(founder, held[2] as Held, { message: "Another thing" })).toMatchObject({
      next: "RETRY",
    });
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "STOPPED", b: "STOPPED" });
    const { node } = await founder.read(RunEscalations, { id: runId });
    expect(node).toMatchObject({ escalations: { totalCount: 1 } });
  });

  test("of the same error in two runs each has its own question", async () => {
    const one = await allStopped("a");
    const two = await allStopped("a");
    expect(two.escalationId).not.toBe(one.escalationId);
  });

  test("after the answer the first tries, and the others follow when its step succeeds", async () => {
    const { runId, escalationId } = await allStopped("a", "b", "c");
    const { escalation } = await answer(founder, escalationId, "provide_guidance", "Import it.");
    expect(escalation.stopped.nodes.map(({ state }) => state)).toEqual(["TRYING", "STOPPED", "STOPPED"]);
    expect(await standings(founder, runId)).toMatchObject({ a: "READY", b: "BLOCKED", c: "BLOCKED" });
    const { key, held } = await claimAnswered(founder, runId);
    expect(key).toBe("a");
    expect(await agent.tryClaim({ runId })).toBeNull();

    const { leaseToken } = held;
    const other = await agent.startStep(held, "edit");
    await founder.succeed(CompleteStep, { attemptId: other, leaseToken, status: "SUCCESS" });
    const skipped = await agent.startStep(held, FAULT.step);
    await founder.succeed(CompleteStep, { attemptId: skipped, leaseToken, status: "SKIPPED" });
    expect(await standings(founder, runId)).toMatchObject({ b: "BLOCKED", c: "BLOCKED" });

    const attemptId = await agent.startStep(held, FAULT.step);
    const { events } = await founder.succeed(CompleteStep, { attemptId, leaseToken, status: "SUCCESS" });
    expect(typesOf(events)).toEqual(["step_completed", "workstream_transition", "workstream_transition"]);
    expect(events[1]).toMatchObject({ actor: "SYSTEM", detail: { key: "b", cause: "ESCALATION_FOLLOWS" } });
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "CLEARED", b: "CLEARED", c: "CLEARED" });
    for (const next of ["b", "c"]) {
      expect(await claimAnswered(founder, runId)).toMatchObject({
        workstream: { key: next, guidance: "Import it." },
        answer: { id: escalationId },
      });
    }
  });

  test("while the first tries, what an agent has asked for itself waits too, though it is answered", async () => {
    const { runId, held: under } = await underWay("a", "b");
    const [a, b] = under as [Held, Held];
    const { escalation: asked } = await founder.succeed(RaiseEscalation, { ...b, problem: "Which?" });
    const escalationId = await failUntilAsked(founder, a);
    await answer(founder, asked.id, "retry");
    await answer(founder, escalationId, "retry");
    const { key, held } = await claimAnswered(founder, runId);
    expect(key).toBe("a");
    expect(await agent.tryClaim({ runId })).toBeNull();
    const attemptId = await agent.startStep(held, FAULT.step);
    const done = { attemptId, leaseToken: held.leaseToken, status: "SUCCESS" } as const;
    await founder.succeed(CompleteStep, done);
    expect((await claimAnswered(founder, runId)).key).toBe("b");
  });

  test("the others follow when the first is done, too", async () => {
    const { runId, escalationId } = await allStopped("a", "b");
    await answer(founder, escalationId, "retry");
    expect(await agent.work(runId)).toBe("a");
    expect(await standings(founder, runId)).toMatchObject({ a: "DONE", b: "READY" });
  });

  test("when the first fails again, a new question is asked at once, for all of them", async () => {
    const { runId, escalationId } = await allStopped("a", "b", "c");
    await answer(founder, escalationId, "retry");
    const { held } = await agent.claim({ runId });
    const again = await fail(founder, held);
    expect(again).toMatchObject({ next: "WAIT", escalation: { status: "PENDING" } });
    const next = again.escalation?.id ?? "";
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "LEFT", b: "LEFT", c: "LEFT" });
    expect(await stoppedStates(founder, next)).toEqual({ a: "STOPPED", b: "STOPPED", c: "STOPPED" });
    expect(await readEscalation(founder, next)).toMatchObject({ run: { pausedAt: expect.any(String) } });
    await answer(founder, next, "retry");
    expect((await agent.claim({ runId })).key).toBe("a");
  });

  test("a fault that stays costs the threshold, one failure of each other agent, and one per answer", async () => {
    const others = ["b", "c", "d"];
    const { runId, escalationId } = await allStopped("a", ...others);
    expect(await failures(runId)).toBe(THRESHOLD + others.length);
    let asked = escalationId;
    for (let answers = 1; answers <= 3; answers += 1) {
      await answer(founder, asked, "retry");
      const { held } = await agent.claim({ runId });
      expect(await agent.tryClaim({ runId })).toBeNull();
      asked = (await fail(founder, held)).escalation?.id ?? "";
      expect(await failures(runId)).toBe(THRESHOLD + others.length + answers);
    }
    // After the breaker has opened: the three others, and the one that tried after the first answer.
    expect(others.length + 1).toBe(THRESHOLD + 1);
  });

  test("one agent that works alone fails at most once more than the threshold, however much is left to do", async () => {
    const runId = await createRun(founder, projectId, plan("a", "b", "c", "d", "e"));
    const first = await agent.claim({ runId });
    const escalationId = await failUntilAsked(founder, first.held);
    expect(await agent.tryClaim({ runId })).toBeNull();
    await answer(founder, escalationId, "retry");
    // The others are ready and were never begun: until the first has tried, nobody is sent into the same fault.
    const { key, held } = await agent.claim({ runId });
    expect(key).toBe("a");
    expect(await agent.tryClaim({ runId })).toBeNull();
    expect(await fail(founder, held)).toMatchObject({ next: "WAIT" });
    expect(await failures(runId)).toBe(THRESHOLD + 1);
  });

  test.for([
    ["fails", "FAILED"],
    ["is given up", "ABANDONED"],
  ] as const)("when the first %s, the next one tries", async ([, end]) => {
    const { runId, escalationId } = await allStopped("a", "b", "c");
    await answer(founder, escalationId, "retry");
    const { held } = await agent.claim({ runId });
    await agent.move(held, end);
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "LEFT", b: "TRYING", c: "STOPPED" });
    expect(await agent.work(runId)).toBe("b");
    expect(await standings(founder, runId)).toMatchObject({ run: "RUNNING", c: "READY" });
    expect(await agent.work(runId)).toBe("c");
    expect(await standings(founder, runId)).toMatchObject({ run: "PARTIAL" });
  });

  test("when the first is stopped by another failure, the next one tries", async () => {
    const { runId, escalationId } = await allStopped("a", "b");
    await answer(founder, escalationId, "retry");
    const { held } = await agent.claim({ runId });
    const second = await failUntilAsked(founder, held, { errorCode: "OTHER" });
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "LEFT", b: "TRYING" });
    expect(await stoppedStates(founder, second)).toEqual({ a: "STOPPED" });
    await answer(founder, second, "retry");
    for (const _ of ["a", "b"]) await agent.work(runId);
    expect(await standings(founder, runId)).toEqual({ run: "COMPLETED", a: "DONE", b: "DONE" });
  });

  test("skipping gives up the one that asked, and the next one tries without its answer", async () => {
    const { runId, escalationId } = await allStopped("a", "b", "c");
    await founder.succeed(SkipEscalation, { escalationId });
    expect(await standings(founder, runId)).toMatchObject({ a: "ABANDONED", b: "READY", c: "BLOCKED" });
    const claimed = await claimAnswered(founder, runId);
    expect(claimed).toMatchObject({ key: "b", answer: null, run: { pausedAt: null } });
    await fail(founder, claimed.held);
    expect(await standings(founder, runId)).toMatchObject({ run: "RUNNING", b: "BLOCKED", c: "BLOCKED" });
  });

  test("when a person holds the one that tries, the next one tries", async () => {
    const { runId, escalationId } = await allStopped("a", "b");
    const { escalation } = await answer(founder, escalationId, "retry");
    const { id: workstreamId } = escalation.workstream;
    await founder.succeed(TransitionWorkstream, { workstreamId, to: "BLOCKED" });
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "LEFT", b: "TRYING" });
    expect(await agent.work(runId)).toBe("b");
  });

  test("who meets the failure while the first tries, waits behind it", async () => {
    const { runId, held } = await underWay("a", "b");
    const escalationId = await failUntilAsked(founder, held[0]);
    await answer(founder, escalationId, "retry");
    expect(await fail(founder, held[1] as Held)).toMatchObject({
      next: "WAIT",
      escalation: { id: escalationId },
    });
    expect(await stoppedStates(founder, escalationId)).toEqual({ a: "TRYING", b: "STOPPED" });
    expect(await agent.work(runId)).toBe("a");
    expect(await agent.work(runId)).toBe("b");
    expect(await standings(founder, runId)).toMatchObject({ run: "COMPLETED" });
  });

  test("a person may give up one that waits; the question stays for the others", async () => {
    const { escalationId, runId } = await allStopped("a", "b");
    const { stopped } = await readEscalation(founder, escalationId);
    const { node } = await founder.read(ReadRun, { id: runId });
    if (node?.__typename !== "Run") throw new Error("The run is there.");
    const workstreamId = node.workstreams.nodes[0]?.id ?? "";
    expect(stopped.totalCount).toBe(2);
    await founder.succeed(TransitionWorkstream, { workstreamId, to: "ABANDONED" });
    expect(await readEscalation(founder, escalationId)).toMatchObject({ status: "PENDING" });
    await answer(founder, escalationId, "retry");
    expect((await agent.claim({ runId })).key).toBe("b");
  });
});
