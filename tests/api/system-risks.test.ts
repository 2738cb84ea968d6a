import { beforeEach, describe, expect, test } from "vitest";
import type { SystemRiskKind } from "../generated/graphql.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Agent, createRun, plan, readRun } from "./support/agent.ts";
import { ArchiveProject, DismissRisk, ParkProject, UpdateProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";
import { useTokens } from "./support/rows.ts";

// The clock moves, and the tokens of a user count for all projects: a server for each test.
let app: TestApp;
let founder: Founder;

beforeEach(async () => {
  app = await startApp();
  founder = new Founder(app);
});

const dismiss = (projectId: string, systemRisk: SystemRiskKind) =>
  founder.run(DismissRisk, { projectId, risk: { systemRisk } });

async function risksOf(projectId: string): Promise<string[]> {
  const { systemRisks } = await founder.snapshot(projectId);
  return systemRisks.map(({ kind, level, dismissed }) => `${kind} ${level}${dismissed ? " dismissed" : ""}`);
}

describe("no gate decision", () => {
  test("is a risk after seven days, a worse one each further week, and ends with a decision", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const decided = app.clock.now();
    app.clock.advanceDays(6.99);
    await founder.succeed(UpdateProject, { projectId, name: "Awake" });
    expect(await risksOf(projectId)).toEqual([]);
    app.clock.advanceDays(0.01);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 1"]);
    expect((await founder.snapshot(projectId)).systemRisks[0]?.since).toBe(decided.toISOString());
    app.clock.advanceDays(7);
    expect(await risksOf(projectId)).toContain("NO_GATE_DECISION 2");
    await founder.pass(projectId, "NARROW");
    expect(await risksOf(projectId)).toEqual([]);
  });

  test("stays dismissed until it gets worse, and is another one after the next decision", async () => {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    app.clock.advanceDays(7);
    const result = await dismiss(projectId, "NO_GATE_DECISION");
    expect(result).toMatchObject({
      project: { systemRisks: [{ kind: "NO_GATE_DECISION", dismissed: true }], version: 3 },
      events: [{ __typename: "RiskEvent", detail: { systemRisk: "NO_GATE_DECISION", level: 1 } }],
    });
    expect(await dismiss(projectId, "NO_GATE_DECISION")).toMatchObject({ __typename: "ConflictError" });
    app.clock.advanceDays(6.9);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 1 dismissed"]);
    app.clock.advanceDays(0.1);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 2"]);
    await dismiss(projectId, "NO_GATE_DECISION");
    await founder.pass(projectId, "NARROW");
    app.clock.advanceDays(7);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 1"]);
  });
});

describe("failed runs", () => {
  /** A run that ends so, with a workstream of it done or failed before. */
  async function run(
    projectId: string,
    end: "COMPLETED" | "FAILED" | "PARTIAL" | "ABANDONED",
  ): Promise<void> {
    const agent = new Agent(founder);
    const runId = await createRun(founder, projectId, plan("a", "b"));
    const [first, second] = {
      COMPLETED: ["DONE", "DONE"],
      FAILED: ["FAILED", "ABANDONED"],
      PARTIAL: ["FAILED", "DONE"],
      ABANDONED: ["ABANDONED", "ABANDONED"],
    }[end] as ("DONE" | "FAILED" | "ABANDONED")[];
    for (const outcome of [first, second]) await agent.work(runId, outcome);
    expect((await readRun(founder, runId)).status).toBe(end);
  }

  test("are a risk from three in a row, a worse one each more, until one completes", async () => {
    const projectId = await founder.project();
    for (const end of ["FAILED", "FAILED", "COMPLETED", "FAILED", "FAILED"] as const)
      await run(projectId, end);
    expect(await risksOf(projectId)).toEqual([]);
    await run(projectId, "FAILED");
    expect(await risksOf(projectId)).toEqual(["FAILED_RUNS 1"]);
    await dismiss(projectId, "FAILED_RUNS");
    expect(await risksOf(projectId)).toEqual(["FAILED_RUNS 1 dismissed"]);
    await run(projectId, "FAILED");
    expect(await risksOf(projectId)).toEqual(["FAILED_RUNS 2"]);
    await run(projectId, "COMPLETED");
    expect(await risksOf(projectId)).toEqual([]);
    expect(await dismiss(projectId, "FAILED_RUNS")).toMatchObject({ __typename: "NotFoundError" });
  });

  test("are whole runs: neither failed workstreams nor runs that end otherwise count or break the row", async () => {
    const projectId = await founder.project();
    for (const end of ["PARTIAL", "PARTIAL", "PARTIAL", "ABANDONED", "FAILED", "FAILED"] as const)
      await run(projectId, end);
    expect(await risksOf(projectId)).toEqual([]);
    await run(projectId, "PARTIAL");
    await run(projectId, "FAILED");
    expect(await risksOf(projectId)).toEqual(["FAILED_RUNS 1"]);
  });

  test("are in a row by the order in which they ended, also when the clock jumped back", async () => {
    const projectId = await founder.project();
    await run(projectId, "COMPLETED");
    app.clock.advanceSeconds(-60);
    for (let count = 0; count < 3; count += 1) await run(projectId, "FAILED");
    expect(await risksOf(projectId)).toEqual(["FAILED_RUNS 1"]);
  });
});

describe("inactivity", () => {
  test("is a risk after fourteen days, and dismissing it is activity", async () => {
    const projectId = await founder.project();
    app.clock.advanceDays(13.9);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 1"]);
    app.clock.advanceDays(0.1);
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 2", "INACTIVE 1"]);
    await dismiss(projectId, "INACTIVE");
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 2"]);
  });

  test("ends with anything that happens, a refusal too", async () => {
    const projectId = await founder.project();
    app.clock.advanceDays(14);
    await founder.run(UpdateProject, { projectId, name: "Late", expectedVersion: 99 });
    expect(await risksOf(projectId)).toEqual(["NO_GATE_DECISION 2"]);
  });
});

describe("the token budget", () => {
  test("is a risk from 80 %, a worse one each further 10 %, and new every UTC day", async () => {
    const projectId = await founder.project();
    const { viewer } = await founder.read(Viewer, {});
    const budget = viewer.planTier.tokensPerDay;
    await useTokens(app, viewer.id, budget * 0.8 - 1);
    expect(await risksOf(projectId)).toEqual([]);
    await useTokens(app, viewer.id, 1);
    expect(await risksOf(projectId)).toEqual(["TOKEN_BUDGET 1"]);
    await dismiss(projectId, "TOKEN_BUDGET");
    await useTokens(app, viewer.id, budget * 0.1);
    expect(await risksOf(projectId)).toEqual(["TOKEN_BUDGET 2"]);
    await dismiss(projectId, "TOKEN_BUDGET");
    app.clock.advanceDays(1);
    expect(await risksOf(projectId)).toEqual([]);
    await useTokens(app, viewer.id, budget);
    expect(await risksOf(projectId)).toEqual(["TOKEN_BUDGET 3"]);
  });
});

test("a parked or archived project has no system risk", async () => {
  const [parked, archived] = [await founder.project(), await founder.project()];
  await founder.succeed(ParkProject, { projectId: parked });
  await founder.succeed(ArchiveProject, { projectId: archived });
  app.clock.advanceDays(30);
  expect(await risksOf(parked)).toEqual([]);
  expect(await risksOf(archived)).toEqual([]);
  expect(await dismiss(parked, "INACTIVE")).toMatchObject({ __typename: "NotFoundError" });
});

test("an undismissed system risk is the focus before the milestones", async () => {
  const projectId = await founder.projectIn("THESIS_DEFINED");
  app.clock.advanceDays(7);
  expect((await founder.snapshot(projectId)).suggestedFocus).toMatchObject({ kind: "RISK", subject: null });
  await dismiss(projectId, "NO_GATE_DECISION");
  expect((await founder.snapshot(projectId)).suggestedFocus).toMatchObject({ kind: "MILESTONE" });
});
