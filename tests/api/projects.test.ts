import { beforeAll, describe, expect, test } from "vitest";
import { startApp, useApp } from "../support/app.ts";
import {
  ArchiveProject,
  CreateProject,
  DecideGate,
  OpenGate,
  ParkProject,
  RaiseRisk,
  SetExitCriteria,
  SetMilestone,
  TransitionStage,
  UnparkProject,
  UpdateProject,
} from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

describe("createProject", () => {
  test("makes a project in the pre-stage with the five stages of the templates", async () => {
    const input = { name: "  Ledger ", description: "Books for shops" };
    const { project, events } = await founder.succeed(CreateProject, input);
    expect(project).toMatchObject({
      name: "Ledger",
      description: "Books for shops",
      status: "ACTIVE",
      stage: "PRE_STAGE",
      stageNumber: null,
      stageEnteredAt: null,
      progressPercent: 0,
      version: 1,
      archivedAt: null,
    });
    expect(events).toMatchObject([{ type: "project_created", sequence: 1, actor: "FOUNDER" }]);
    const { stages } = await founder.snapshot(project.id);
    const weights = stages.map(({ milestones }) => milestones.map(({ key, weight }) => `${key} ${weight}`));
    expect(weights).toEqual([
      ["brief_generated 40", "gate_proceed 30", "risks_identified 30"],
      ["direction_chosen 25", "validation_complete 35", "scope_narrowed 20", "gate_proceed 20"],
      ["build_started 15", "build_complete 35", "tests_passing 20", "preview_live 30"],
      ["feedback_collected 30", "iteration_planned 25", "iteration_shipped 25", "gate_proceed 20"],
      [],
    ]);
    expect(stages.map(({ locked }) => locked)).toEqual([false, false, false, false, true]);
  });

  test("refuses more projects than the plan allows, until one is archived", async () => {
    const { url } = await startApp();
    const bootstrapper = new Founder({ url });
    const first = await bootstrapper.project();
    for (let count = 1; count < 5; count += 1) await bootstrapper.project();
    expect(await bootstrapper.run(CreateProject, { name: "Sixth" })).toMatchObject({
      __typename: "QuotaExceededError",
      limit: 5,
      used: 5,
    });
    await bootstrapper.succeed(ArchiveProject, { projectId: first });
    await bootstrapper.succeed(CreateProject, { name: "Sixth" });
  });
});

describe("updateProject", () => {
  test("changes what is given, leaves the rest, and counts the version up", async () => {
    const projectId = await founder.project();
    await founder.succeed(UpdateProject, { projectId, description: "Books" });
    const { project, events } = await founder.succeed(UpdateProject, {
      projectId,
      name: "Cashbook",
      expectedVersion: 2,
    });
    expect(project).toMatchObject({ name: "Cashbook", description: "Books", version: 3 });
    expect(events).toMatchObject([{ type: "project_updated", detail: { name: "Cashbook" } }]);
  });

  test("refuses a change of nothing, and a stale version with the current one", async () => {
    const projectId = await founder.project();
    expect(await founder.run(UpdateProject, { projectId })).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path: "" }],
    });
    await founder.succeed(UpdateProject, { projectId, name: "Cashbook" });
    expect(await founder.run(UpdateProject, { projectId, name: "Late", expectedVersion: 1 })).toMatchObject({
      __typename: "ConflictError",
      currentVersion: 2,
    });
    expect((await founder.log(projectId)).events.at(-1)).toMatchObject({
      type: "command_rejected",
      detail: { command: "updateProject", rule: "CONFLICT" },
    });
    expect((await founder.snapshot(projectId)).name).toBe("Cashbook");
  });
});

describe("parking", () => {
  test("keeps the stage, blocks the journey, and ends with unparking", async () => {
    const projectId = await founder.projectIn("VALIDATED_DIRECTION");
    const gateId = await founder.openGate(projectId);
    const parked = await founder.succeed(ParkProject, { projectId, reason: "Winter" });
    expect(parked.project).toMatchObject({ status: "PARKED", stage: "VALIDATED_DIRECTION" });
    expect(parked.events).toMatchObject([{ type: "park", reason: "Winter" }]);
    const refusals = [
      await founder.run(TransitionStage, { projectId, to: "THESIS_DEFINED" }),
      await founder.run(OpenGate, { projectId }),
      await founder.run(DecideGate, { gateId, decision: "NARROW" }),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ rule: "PARKED", allowed: [] });
    expect(await founder.run(ParkProject, { projectId })).toMatchObject({
      __typename: "ConflictError",
      currentState: "PARKED",
    });
    const unparked = await founder.succeed(UnparkProject, { projectId });
    expect(unparked.project).toMatchObject({ status: "ACTIVE", stage: "VALIDATED_DIRECTION" });
    expect(unparked.events).toMatchObject([{ type: "unpark" }]);
    expect(await founder.decide(gateId, "PROCEED")).toMatchObject({ gate: { status: "DECIDED" } });
  });

  test("lets a parked project be edited", async () => {
    const projectId = await founder.project();
    await founder.succeed(ParkProject, { projectId });
    await founder.succeed(UpdateProject, { projectId, name: "Asleep" });
    await founder.raiseRisk(projectId, "THESIS_DEFINED");
    await founder.succeed(SetMilestone, { projectId, stage: "MVP_BUILT", key: "own", weight: 1 });
  });

  test("refuses to unpark what is active", async () => {
    const projectId = await founder.project();
    expect(await founder.run(UnparkProject, { projectId })).toMatchObject({
      __typename: "ConflictError",
      currentState: "ACTIVE",
    });
    expect((await founder.log(projectId)).events.at(-1)?.type).toBe("transition_rejected");
  });
});

describe("archiving", () => {
  test("takes a project out of the lists and keeps it readable", async () => {
    const projectId = await founder.project();
    const { project, events } = await founder.succeed(ArchiveProject, { projectId });
    expect(project.archivedAt).toBe(app.clock.now().toISOString());
    expect(events).toMatchObject([{ type: "project_archived" }]);
    const { viewer } = await founder.read(Viewer, {});
    expect(viewer.projects.nodes).not.toContainEqual({ id: projectId });
    expect(await founder.snapshot(projectId)).toMatchObject({ id: projectId, systemRisks: [] });
  });

  test("refuses every further command and records that, a refused move as such", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const gateId = await founder.openGate(projectId);
    await founder.succeed(ArchiveProject, { projectId });
    const before = await founder.log(projectId);
    const stage = "THESIS_DEFINED";
    const refusals = [
      await founder.run(ArchiveProject, { projectId }),
      await founder.run(UpdateProject, { projectId, name: "Late" }),
      await founder.run(OpenGate, { projectId }),
      await founder.run(SetExitCriteria, { projectId, stage, criteria: [] }),
      await founder.run(RaiseRisk, { projectId, stage, type: "market", message: "Late" }),
      await founder.run(TransitionStage, { projectId, to: "PRE_STAGE" }),
      await founder.run(DecideGate, { gateId, decision: "PARK" }),
      await founder.run(ParkProject, { projectId }),
      await founder.run(UnparkProject, { projectId }),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ rule: "ARCHIVED", from: stage });
    const { events } = await founder.log(projectId);
    expect(events.slice(before.events.length).map(({ type }) => type)).toEqual([
      ...Array(5).fill("command_rejected"),
      ...Array(4).fill("transition_rejected"),
    ]);
    expect(refusals[5]).toMatchObject({ to: "PRE_STAGE" });
  });
});
