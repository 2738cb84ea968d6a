import { beforeAll, describe, expect, test } from "vitest";
import type { GateDecision } from "../generated/graphql.ts";
import { useApp } from "../support/app.ts";
import {
  CompleteMilestone,
  DecideGate,
  DismissRisk,
  OpenGate,
  TransitionStage,
  UnparkProject,
} from "./support/commands.ts";
import { Founder, JOURNEY } from "./support/founder.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

describe("openGate", () => {
  test("opens several gates of the current stage, each with its options", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const context = { question: "Is it a business?", figures: [1, 2.5, null, { deep: true }] };
    const { gate, events } = await founder.succeed(OpenGate, {
      projectId,
      gateType: "thesis_review",
      context,
    });
    expect(gate).toMatchObject({
      stage: "THESIS_DEFINED",
      status: "PENDING",
      gateType: "thesis_review",
      context,
    });
    expect(events).toMatchObject([{ __typename: "GateEvent", type: "gate_opened", subject: "GATE" }]);
    expect(gate.options.map(({ decision, allowed }) => [decision, allowed])).toEqual([
      ["PROCEED", true],
      ["NARROW", true],
      ["PIVOT", true],
      ["PARK", true],
    ]);
    const second = await founder.succeed(OpenGate, { projectId });
    expect(second.gate).toMatchObject({ gateType: "stage_advance", context: {} });
    expect(second.gate.options[0]).toMatchObject({
      decision: "PROCEED",
      allowed: false,
      blockers: [{ rule: "GATE_PENDING" }],
    });
  });
});

test("refuses a twenty-first pending gate until one is decided", async () => {
  const projectId = await founder.project();
  const first = await founder.openGate(projectId);
  for (let count = 1; count < 20; count += 1) await founder.openGate(projectId);
  expect(await founder.run(OpenGate, { projectId })).toMatchObject({
    __typename: "ConflictError",
    currentState: "FULL",
  });
  await founder.decide(first, "NARROW");
  await founder.openGate(projectId);
});

describe("PROCEED", () => {
  test.each([
    ["PRE_STAGE", "THESIS_DEFINED", null],
    ["THESIS_DEFINED", "VALIDATED_DIRECTION", 30],
    ["VALIDATED_DIRECTION", "MVP_BUILT", 20],
    ["MVP_BUILT", "FEEDBACK_LOOP_ACTIVE", 0],
  ] as const)("goes from %s to %s and completes the stage's gate milestone", async (from, to, percent) => {
    const projectId = await founder.projectIn(from);
    const { gate, events } = await founder.pass(projectId, "PROCEED");
    expect(gate).toMatchObject({ status: "DECIDED", decision: "PROCEED", decidedBy: "FOUNDER", options: [] });
    expect(gate.project).toMatchObject({ stage: to, stageEnteredAt: app.clock.now().toISOString() });
    expect(events.map(({ type }) => type)).toEqual([
      "gate_decision",
      "transition",
      ...(percent ? ["milestone"] : []),
    ]);
    expect(events[1]).toMatchObject({ __typename: "StageEvent", fromStage: from, toStage: to });
    const { stages } = await founder.snapshot(projectId);
    const left = stages.find(({ stage }) => stage === from);
    expect(left?.progressPercent ?? null).toBe(percent);
  });

  test("is refused in stage 4, since stage 5 is locked", async () => {
    const projectId = await founder.projectIn("FEEDBACK_LOOP_ACTIVE");
    const gateId = await founder.openGate(projectId);
    expect(await founder.decide(gateId, "PROCEED")).toMatchObject({
      rule: "STAGE_LOCKED",
      from: "FEEDBACK_LOOP_ACTIVE",
      to: "SCALE_AND_OPTIMIZE",
      allowed: ["NARROW", "PIVOT", "PARK"],
    });
    expect((await founder.snapshot(projectId)).gates.nodes.at(-1)?.status).toBe("PENDING");
  });

  test("waits for other pending gates and for blocking risks, not for other risks", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const [first, second] = [await founder.openGate(projectId), await founder.openGate(projectId)];
    await founder.raiseRisk(projectId, "THESIS_DEFINED", false);
    await founder.raiseRisk(projectId, "MVP_BUILT");
    const riskId = await founder.raiseRisk(projectId, "THESIS_DEFINED");
    expect(await founder.decide(first, "PROCEED")).toMatchObject({ rule: "GATE_PENDING" });
    await founder.succeed(DecideGate, { gateId: second, decision: "NARROW" });
    expect(await founder.decide(first, "PROCEED")).toMatchObject({ rule: "BLOCKING_RISK" });
    await founder.succeed(DismissRisk, { projectId, risk: { riskId } });
    await founder.succeed(DecideGate, { gateId: first, decision: "PROCEED" });
  });
});

describe("NARROW", () => {
  test("stays, resets the stage's milestones and voids its earlier decisions", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    await founder.succeed(TransitionStage, { projectId, to: "THESIS_DEFINED" });
    await founder.succeed(CompleteMilestone, { projectId, stage: "THESIS_DEFINED", key: "brief_generated" });
    const open = await founder.snapshot(projectId);
    expect(open.stageTransitions[2]).toMatchObject({ to: "VALIDATED_DIRECTION", allowed: true });
    expect(open.progressPercent).toBeGreaterThan(0);

    const { gate, events } = await founder.pass(projectId, "NARROW");
    expect(gate.project).toMatchObject({ stage: "THESIS_DEFINED", progressPercent: 0 });
    expect(events).toMatchObject([
      { type: "gate_decision" },
      { __typename: "MilestoneEvent", type: "milestone", keys: ["brief_generated", "gate_proceed"] },
    ]);
    expect(gate.project.stageTransitions[2]).toMatchObject({ blockers: [{ rule: "PROCEED_REQUIRED" }] });
    const { gates } = await founder.snapshot(projectId);
    expect(gates.nodes.map(({ stage, supersededAt }) => [stage, supersededAt !== null])).toEqual([
      ["PRE_STAGE", false],
      ["THESIS_DEFINED", true],
      ["THESIS_DEFINED", false],
    ]);
  });

  test("leaves the other stages' milestones and the other pending gates", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    const other = await founder.openGate(projectId);
    await founder.pass(projectId, "NARROW");
    const { stages, gates } = await founder.snapshot(projectId);
    expect(stages[0]?.progressPercent).toBe(30);
    expect(gates.nodes.find(({ id }) => id === other)?.status).toBe("PENDING");
  });
});

describe("PIVOT", () => {
  test("returns to stage 1, resets the stages after it, voids decisions and expires the other gates", async () => {
    const projectId = await founder.projectIn("MVP_BUILT");
    await founder.succeed(CompleteMilestone, {
      projectId,
      stage: "FEEDBACK_LOOP_ACTIVE",
      key: "feedback_collected",
    });
    const other = await founder.openGate(projectId);
    const { gate, events } = await founder.pass(projectId, "PIVOT");
    expect(events.map(({ type }) => type)).toEqual([
      "gate_decision",
      "transition",
      "gate_expired",
      "milestone",
      "milestone",
    ]);
    expect(gate.project).toMatchObject({ stage: "THESIS_DEFINED" });
    const { stages, gates, stageTransitions } = await founder.snapshot(projectId);
    expect(stages.map(({ progressPercent }) => progressPercent)).toEqual([30, 0, 0, 0, 0]);
    expect(gates.nodes.find(({ id }) => id === other)).toMatchObject({ status: "EXPIRED", options: [] });
    const decided = gates.nodes.filter(({ status }) => status === "DECIDED");
    expect(decided.map(({ supersededAt }) => supersededAt !== null)).toEqual([true, true, true, false]);
    expect(stageTransitions[2]?.blockers[0]?.rule).toBe("PROCEED_REQUIRED");
    expect(await founder.decide(other, "PARK")).toMatchObject({
      __typename: "ConflictError",
      currentState: "EXPIRED",
    });
  });

  test("in stage 1 stays there and is no transition", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const { events } = await founder.pass(projectId, "PIVOT");
    expect(events.map(({ type }) => type)).toEqual(["gate_decision"]);
  });

  test("is refused in the pre-stage", async () => {
    const gateId = await founder.openGate(await founder.project());
    expect(await founder.decide(gateId, "PIVOT")).toMatchObject({
      rule: "PIVOT_BEFORE_FIRST_STAGE",
      allowed: ["PROCEED", "NARROW", "PARK"],
    });
  });
});

describe("PARK", () => {
  test("parks and keeps the stage, its milestones and its gates", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    const other = await founder.openGate(projectId);
    const before = await founder.snapshot(projectId);
    const { gate, events } = await founder.pass(projectId, "PARK");
    expect(gate.project).toMatchObject({ status: "PARKED", stage: "VALIDATED_DIRECTION" });
    expect(events).toMatchObject([{ type: "gate_decision" }, { type: "park" }]);
    const after = await founder.snapshot(projectId);
    expect(after.stages.map(({ milestones }) => milestones)).toEqual(
      before.stages.map(({ milestones }) => milestones),
    );
    expect(await founder.decide(other, "PARK")).toMatchObject({ rule: "PARKED" });
    await founder.succeed(UnparkProject, { projectId });
    await founder.succeed(DecideGate, { gateId: other, decision: "PROCEED" });
  });
});

test.each([
  "PROCEED",
  "NARROW",
  "PIVOT",
  "PARK",
] as const)("refuses to decide a gate twice after %s", async (first) => {
  const projectId = await founder.projectIn("THESIS_DEFINED");
  const { gate } = await founder.pass(projectId, first);
  const again: GateDecision = first === "PROCEED" ? "NARROW" : "PROCEED";
  expect(await founder.decide(gate.id, again)).toMatchObject({
    __typename: "ConflictError",
    currentState: "DECIDED",
  });
  expect((await founder.log(projectId)).events.at(-1)).toMatchObject({
    type: "transition_rejected",
    subject: "GATE",
  });
});

describe("transitionStage", () => {
  test.each(
    JOURNEY.slice(2).flatMap((from, index) => JOURNEY.slice(1, index + 2).map((to) => [from, to] as const)),
  )("goes back from %s to %s, expires pending gates and keeps the milestones", async (from, to) => {
    const projectId = await founder.projectIn(from);
    await founder.openGate(projectId);
    const before = await founder.snapshot(projectId);
    const { project, events } = await founder.succeed(TransitionStage, { projectId, to, reason: "Again" });
    expect(project).toMatchObject({ stage: to, progressPercent: before.progressPercent });
    expect(events).toMatchObject([
      { type: "transition", fromStage: from, toStage: to, reason: "Again" },
      { type: "gate_expired" },
    ]);
    // Its PROCEED decision is still in force: the way back needs no new gate.
    const next = JOURNEY[JOURNEY.indexOf(to) + 1] ?? to;
    await founder.succeed(TransitionStage, { projectId, to: next });
  });

  test.each([
    ["SCALE_AND_OPTIMIZE", "STAGE_LOCKED"],
    ["PRE_STAGE", "PRE_STAGE_REENTRY"],
    ["VALIDATED_DIRECTION", "SAME_STAGE"],
    ["MVP_BUILT", "PROCEED_REQUIRED"],
    ["FEEDBACK_LOOP_ACTIVE", "PROCEED_REQUIRED"],
  ] as const)("is refused from VALIDATED_DIRECTION to %s by %s", async (to, rule) => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    expect(await founder.run(TransitionStage, { projectId, to })).toMatchObject({
      __typename: "GuardRejectedError",
      rule,
      from: "VALIDATED_DIRECTION",
      to,
      allowed: ["THESIS_DEFINED"],
    });
    expect((await founder.log(projectId)).events.at(-1)).toMatchObject({
      type: "transition_rejected",
      fromStage: "VALIDATED_DIRECTION",
      toStage: to,
      detail: { command: "transitionStage", rule },
    });
  });

  test("refuses to skip a stage even with a PROCEED decision", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    await founder.succeed(TransitionStage, { projectId, to: "THESIS_DEFINED" });
    expect(await founder.run(TransitionStage, { projectId, to: "MVP_BUILT" })).toMatchObject({
      rule: "ONE_STAGE_AT_A_TIME",
      allowed: ["VALIDATED_DIRECTION"],
    });
  });
});
