import { beforeAll, describe, expect, test } from "vitest";
import type { CompleteMilestoneInput } from "../generated/graphql.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import {
  CompleteMilestone,
  DecideGate,
  DismissRisk,
  RaiseRisk,
  RemoveMilestone,
  ReopenMilestone,
  SetExitCriteria,
  SetMilestone,
} from "./support/commands.ts";
import { Founder } from "./support/founder.ts";

const app = useApp();
const founder = new Founder(app);
const stage = "THESIS_DEFINED";

beforeAll(() => founder.enlargePlan());

describe("milestones", () => {
  test("are completed and reopened, and the progress follows both ways", async () => {
    const projectId = await founder.project();
    const input = { projectId, stage, key: "brief_generated" } as const;
    const done = await founder.succeed(CompleteMilestone, input);
    expect(done.milestone).toMatchObject({ completed: true, completedAt: app.clock.now().toISOString() });
    // 40 of the stage's 100; 40 of the 400 that the four stages weigh.
    expect(done.stageConfig).toMatchObject({
      progressPercent: 40,
      version: 2,
      project: { progressPercent: 10 },
    });
    expect(done.events).toMatchObject([
      { __typename: "MilestoneEvent", keys: ["brief_generated"], detail: { change: "COMPLETED", stage: 1 } },
    ]);
    expect(await founder.run(CompleteMilestone, input)).toMatchObject({
      __typename: "ConflictError",
      currentState: "COMPLETED",
      currentVersion: 2,
    });
    const reopened = await founder.succeed(ReopenMilestone, input);
    expect(reopened.milestone).toMatchObject({ completed: false, completedAt: null });
    expect(reopened.stageConfig).toMatchObject({ progressPercent: 0, project: { progressPercent: 0 } });
    expect(await founder.run(ReopenMilestone, input)).toMatchObject({ currentState: "OPEN" });
  });

  test("of the project's own are added at the end, changed and removed", async () => {
    const projectId = await founder.project();
    const own = { projectId, stage, key: "first_customer" } as const;
    const added = await founder.succeed(SetMilestone, { ...own, weight: 100 });
    expect(added.milestone).toEqual({
      key: "first_customer",
      title: "First customer",
      weight: 100,
      template: false,
      completed: false,
    });
    expect(added.stageConfig.milestones.at(-1)?.key).toBe("first_customer");
    const done = await founder.succeed(CompleteMilestone, own);
    expect(done.stageConfig).toMatchObject({ progressPercent: 50, project: { progressPercent: 20 } });
    const changed = await founder.succeed(SetMilestone, { ...own, title: "A customer", weight: 0 });
    expect(changed.milestone).toMatchObject({ title: "A customer", weight: 0, completed: true });
    expect(changed.stageConfig.progressPercent).toBe(0);
    const removed = await founder.succeed(RemoveMilestone, own);
    expect(removed.stageConfig.milestones.map(({ key }) => key)).not.toContain("first_customer");
    expect(await founder.run(RemoveMilestone, own)).toMatchObject({ __typename: "NotFoundError" });
  });

  test("of the template can be weighed anew and not removed", async () => {
    const projectId = await founder.project();
    const input = { projectId, stage, key: "brief_generated" } as const;
    const { milestone } = await founder.succeed(SetMilestone, { ...input, weight: 1000 });
    expect(milestone).toMatchObject({ weight: 1000, title: "Brief generated", template: true });
    expect(await founder.run(RemoveMilestone, input)).toMatchObject({ rule: "TEMPLATE_MILESTONE", to: null });
  });

  test.each([
    [
      "gate_proceed is completed by hand",
      CompleteMilestone,
      { stage, key: "gate_proceed" },
      "GATE_MILESTONE",
    ],
    ["gate_proceed is reopened by hand", ReopenMilestone, { stage, key: "gate_proceed" }, "GATE_MILESTONE"],
    ["the stage is locked", CompleteMilestone, { stage: "SCALE_AND_OPTIMIZE", key: "any" }, "STAGE_LOCKED"],
  ] as const)("refuses when %s", async (_name, document, part, rule) => {
    const projectId = await founder.project();
    const input: CompleteMilestoneInput = { projectId, ...part };
    const result =
      document === CompleteMilestone
        ? await founder.run(CompleteMilestone, input)
        : await founder.run(ReopenMilestone, input);
    expect(result).toMatchObject({ __typename: "GuardRejectedError", rule });
  });

  test("have keys that every object has without being them", async () => {
    const projectId = await founder.project();
    const input = { projectId, stage, key: "constructor" } as const;
    expect(await founder.run(CompleteMilestone, input)).toMatchObject({ __typename: "NotFoundError" });
    await founder.succeed(SetMilestone, { ...input, weight: 1 });
    await founder.succeed(CompleteMilestone, input);
  });

  test("end at fifty in a stage", async () => {
    const projectId = await founder.project();
    for (let count = 3; count < 50; count += 1) {
      await founder.succeed(SetMilestone, { projectId, stage, key: `own_${count}`, weight: 1 });
    }
    expect(await founder.run(SetMilestone, { projectId, stage, key: "too_many", weight: 1 })).toMatchObject({
      __typename: "ConflictError",
      currentState: "FULL",
    });
    await founder.succeed(SetMilestone, { projectId, stage, key: "own_49", weight: 2 });
  });
});

describe("exit criteria", () => {
  test("are replaced as a whole", async () => {
    const projectId = await founder.project();
    await founder.succeed(SetExitCriteria, {
      projectId,
      stage,
      criteria: ["  Ten interviews ", "Wille & Söhne"],
    });
    const { stageConfig, events } = await founder.succeed(SetExitCriteria, {
      projectId,
      stage,
      criteria: ["Three pilots"],
      expectedVersion: 2,
    });
    expect(stageConfig).toMatchObject({ exitCriteria: ["Three pilots"], version: 3 });
    expect(events).toMatchObject([{ type: "exit_criteria", detail: { criteria: ["Three pilots"] } }]);
  });
});

describe("risks", () => {
  test("are raised, complete the stage's risk milestone once, and are dismissed once", async () => {
    const projectId = await founder.project();
    const input = { projectId, stage, type: "legal", message: "  Privacy  ", blocking: false } as const;
    const { risk, stageConfig, events } = await founder.succeed(RaiseRisk, input);
    expect(risk).toMatchObject({ type: "legal", message: "Privacy", blocking: false, dismissed: false });
    expect(stageConfig).toMatchObject({ progressPercent: 30, project: { progressPercent: 7 } });
    expect(events).toMatchObject([
      { __typename: "RiskEvent", type: "risk_change", detail: { change: "RAISED" } },
      { __typename: "MilestoneEvent", keys: ["risks_identified"] },
    ]);
    const second = await founder.succeed(RaiseRisk, { ...input, blocking: null });
    expect(second.risk?.blocking).toBe(true);
    expect(second.events).toHaveLength(1);

    const dismissal = { projectId, risk: { riskId: risk?.id ?? "" }, reason: "Solved" };
    const dismissed = await founder.succeed(DismissRisk, dismissal);
    expect(dismissed.events).toMatchObject([{ type: "risk_change", reason: "Solved" }]);
    const [thesis] = (await founder.snapshot(projectId)).stages;
    expect(thesis?.risks.map((each) => each.dismissed)).toEqual([true, false]);
    // Progress never falls by dismissing: the risks were identified.
    expect(thesis?.progressPercent).toBe(30);
    expect(await founder.run(DismissRisk, dismissal)).toMatchObject({
      __typename: "ConflictError",
      currentState: "DISMISSED",
    });
  });

  test("are not raised on the locked stage", async () => {
    const projectId = await founder.project();
    const input = { projectId, stage: "SCALE_AND_OPTIMIZE", type: "market", message: "Too big" } as const;
    expect(await founder.run(RaiseRisk, input)).toMatchObject({ rule: "STAGE_LOCKED" });
  });

  test("of another project are not found", async () => {
    const riskId = await founder.raiseRisk(await founder.project(), stage);
    const projectId = await founder.project();
    expect(await founder.run(DismissRisk, { projectId, risk: { riskId } })).toMatchObject({
      __typename: "NotFoundError",
    });
  });
});

describe("a stale expectedVersion", () => {
  const edits = {
    completeMilestone: (input: Edit) => founder.run(CompleteMilestone, { ...input, key: "brief_generated" }),
    reopenMilestone: (input: Edit) => founder.run(ReopenMilestone, { ...input, key: "brief_generated" }),
    setMilestone: (input: Edit) => founder.run(SetMilestone, { ...input, key: "own", weight: 1 }),
    removeMilestone: (input: Edit) => founder.run(RemoveMilestone, { ...input, key: "own" }),
    setExitCriteria: (input: Edit) => founder.run(SetExitCriteria, { ...input, criteria: [] }),
    raiseRisk: (input: Edit) => founder.run(RaiseRisk, { ...input, type: "market", message: "Late" }),
  };
  type Edit = { projectId: string; stage: "THESIS_DEFINED"; expectedVersion: number };

  test.each(Object.entries(edits))("of %s is a conflict that tells the current one", async (_name, edit) => {
    const projectId = await founder.project();
    await founder.succeed(SetExitCriteria, { projectId, stage, criteria: ["One"] });
    const before = await founder.snapshot(projectId);
    for (const expectedVersion of [1, 3, 0, -1]) {
      expect(await edit({ projectId, stage, expectedVersion })).toMatchObject({
        __typename: "ConflictError",
        currentState: "version 2",
        currentVersion: 2,
      });
    }
    expect(await founder.snapshot(projectId)).toEqual(before);
  });
});

describe("the suggested focus", () => {
  test("is the oldest pending gate, else the first open risk, else the next milestone, else a gate to open", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const focus = async () => (await founder.snapshot(projectId)).suggestedFocus;
    const [riskId, laterRisk] = [
      await founder.raiseRisk(projectId, stage),
      await founder.raiseRisk(projectId, stage),
    ];
    const first = await founder.openGate(projectId);
    app.clock.advanceDays(0.01);
    const second = await founder.openGate(projectId);
    expect(await focus()).toMatchObject({ kind: "PENDING_GATE", subject: first, stage });
    await founder.decide(first, "NARROW");
    expect(await focus()).toMatchObject({ kind: "PENDING_GATE", subject: second });
    await founder.decide(second, "NARROW");
    expect(await focus()).toMatchObject({ kind: "RISK", subject: riskId });
    await founder.succeed(DismissRisk, { projectId, risk: { riskId } });
    expect(await focus()).toMatchObject({ kind: "RISK", subject: laterRisk });
    await founder.succeed(DismissRisk, { projectId, risk: { riskId: laterRisk } });
    expect(await focus()).toMatchObject({ kind: "MILESTONE", subject: "brief_generated" });
    await founder.succeed(CompleteMilestone, { projectId, stage, key: "brief_generated" });
    expect(await focus()).toMatchObject({ kind: "OPEN_GATE", subject: null });
  });

  test("of a new project is to open a gate, then to decide it", async () => {
    const projectId = await founder.project();
    const focus = async () => (await founder.snapshot(projectId)).suggestedFocus;
    expect(await focus()).toMatchObject({ kind: "OPEN_GATE", subject: null, stage: "PRE_STAGE" });
    expect((await focus())?.message).toMatch(/^Open a gate/);
    const gateId = await founder.openGate(projectId);
    expect(await focus()).toMatchObject({ kind: "PENDING_GATE", subject: gateId });
  });

  test("of a stage looks at that stage only", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    await founder.openGate(projectId);
    const { stages } = await founder.snapshot(projectId);
    expect(stages.map(({ suggestedFocus }) => suggestedFocus?.kind ?? null)).toEqual([
      "PENDING_GATE",
      "MILESTONE",
      "MILESTONE",
      "MILESTONE",
      null,
    ]);
  });
});

test("the events of one command share its correlation id, which is the header of request and answer", async () => {
  const projectId = await founder.projectIn("MVP_BUILT");
  const correlationId = "0197F0E4-0000-7000-8000-000000000001";
  const gateId = await founder.openGate(projectId);
  const { data, headers } = await send(
    app.url,
    DecideGate,
    { input: { gateId, decision: "PIVOT" } },
    { "x-correlation-id": correlationId },
  );
  expect(headers.get("x-correlation-id")).toBe(correlationId.toLowerCase());
  const { decideGate } = data ?? {};
  if (!decideGate || !("events" in decideGate)) throw new Error("The gate was not decided.");
  expect(decideGate.events.length).toBeGreaterThan(2);
  for (const event of decideGate.events) expect(event.correlationId).toBe(correlationId.toLowerCase());
  const { events } = await founder.log(projectId);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map((event) => event.correlationId)).size).toBe(9);
});

test("a refusal is recorded with what was asked for", async () => {
  const projectId = await founder.project();
  await founder.run(CompleteMilestone, { projectId, stage: "THESIS_DEFINED", key: "gate_proceed" });
  const { events } = await founder.log(projectId);
  expect(events.at(-1)).toMatchObject({
    type: "command_rejected",
    detail: {
      command: "completeMilestone",
      rule: "GATE_MILESTONE",
      input: { stage: 1, key: "gate_proceed" },
    },
  });
});
