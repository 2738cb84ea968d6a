import { afterAll, beforeAll, expect, test } from "vitest";
import { createUserDirectory } from "../../../src/auth/users.ts";
import type { Database } from "../../../src/db/database.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import { resumeGenerations } from "../../../src/services/artifact/resume-generations.ts";
import { giveUpGeneration, runGeneration } from "../../../src/services/artifact/run-generation.ts";
import { generateArtifacts } from "../../../src/services/artifact/start-generation.ts";
import type { Caller } from "../../../src/services/command/command.ts";
import type { ModelServices } from "../../../src/services/services.ts";
import { createProject } from "../../../src/services/stage/create-project.ts";
import { TestClock } from "../../support/clock.ts";
import { createTestDatabase } from "../../support/database.ts";
import { HandTimer } from "../../support/hand-timer.ts";
import { SequentialIds } from "../../support/ids.ts";
import { ScriptedRunner } from "../../support/scripted-runner.ts";

const clock = new TestClock();
const ids = new SequentialIds();
let database: Database;
let userId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await loadPlanTiers(database.prisma);
  const users = createUserDirectory({ prisma: database.prisma, clock, newId: () => ids.next() });
  userId = await users.idOf({ issuer: "test", subject: "ada", displayName: null });
  await database.prisma.user.update({ where: { id: userId }, data: { plan: "CTO_SCALE" } });
});
afterAll(() => database.close());

/** A project whose documents have been asked for, and nobody has begun to write. */
async function started(runner: ScriptedRunner) {
  const enqueued: string[] = [];
  const services: ModelServices = {
    prisma: database.prisma,
    clock,
    ids,
    wakeups: { publish() {}, publishDiscussion() {} },
    timer: new HandTimer(),
    runner,
    documentTimeoutMs: 60_000,
    jobs: {
      ready: async () => {},
      generateArtifacts: async (_tx, { generationId }) => void enqueued.push(generationId),
      discuss: async () => {},
      committed: () => {},
    },
  };
  const caller: Caller = { userId, actor: "FOUNDER", correlationId: ids.next(), idempotencyKey: null };
  const { id: projectId } = await createProject(services, caller, { name: "Ledger" });
  await generateArtifacts(services, caller, { projectId });
  const [generationId = ""] = enqueued;
  return { services, projectId, generationId };
}

function written(projectId: string) {
  return database.prisma.event.findMany({
    where: { projectId, type: "artifact_generated" },
    orderBy: { sequence: "asc" },
    select: { detail: true },
  });
}

async function versionsOf(projectId: string) {
  const rows = await database.prisma.artifact.findMany({ where: { projectId }, orderBy: { id: "asc" } });
  return rows.map(({ versionNumber, generationStatus }) => [versionNumber, generationStatus]);
}

const ALL_WRITTEN = Array(5).fill([1, "IDLE"]);
const unstopped = () => new AbortController().signal;

test("a run that is cut off in the middle of a document is taken up there by the next", async () => {
  const runner = new ScriptedRunner();
  const { services, projectId, generationId } = await started(runner);
  const scope = runner.hold("MVP_SCOPE");
  const stop = new AbortController();
  const cut = runGeneration(services, generationId, stop.signal);
  await scope.begun;
  stop.abort(new Error("The process stops."));
  await expect(cut).rejects.toThrow("The process stops.");
  expect((await versionsOf(projectId)).slice(0, 2)).toEqual([
    [1, "IDLE"],
    [0, "GENERATING"],
  ]);
  await runGeneration(services, generationId, unstopped());
  expect(runner.asked).toEqual(["BRIEF", "MVP_SCOPE", "MVP_SCOPE", "MILESTONES", "RISK_LOG", "HOW_IT_WORKS"]);
  expect(await versionsOf(projectId)).toEqual(ALL_WRITTEN);
  scope.letGo();
});

test("a run that was taken for dead and is not writes nothing over what the next one wrote", async () => {
  const runner = new ScriptedRunner();
  const { services, projectId, generationId } = await started(runner);
  const brief = runner.hold("BRIEF");
  const slow = runGeneration(services, generationId, unstopped());
  await brief.begun;
  await runGeneration(services, generationId, unstopped());
  const before = await database.prisma.artifact.findMany({ where: { projectId }, orderBy: { id: "asc" } });
  brief.letGo();
  await slow;
  expect(await database.prisma.artifact.findMany({ where: { projectId }, orderBy: { id: "asc" } })).toEqual(
    before,
  );
  expect((await written(projectId)).map(({ detail }) => detail)).toMatchObject([
    { type: "BRIEF", attempt: 2 },
    { type: "MVP_SCOPE", attempt: 1 },
    { type: "MILESTONES", attempt: 1 },
    { type: "RISK_LOG", attempt: 1 },
    { type: "HOW_IT_WORKS", attempt: 1 },
  ]);
});

test("however many run at once, each document is written once", async () => {
  const runner = new ScriptedRunner();
  const { services, projectId, generationId } = await started(runner);
  await Promise.all(Array.from({ length: 8 }, () => runGeneration(services, generationId, unstopped())));
  expect(await versionsOf(projectId)).toEqual(ALL_WRITTEN);
  expect(await written(projectId)).toHaveLength(5);
  const generation = await database.prisma.artifactGeneration.findUnique({ where: { id: generationId } });
  expect(generation).toMatchObject({ status: "COMPLETED", completed: 5 });
});

test("a generation that is over is not run again", async () => {
  const runner = new ScriptedRunner();
  const { services, generationId } = await started(runner);
  await runGeneration(services, generationId, unstopped());
  await runGeneration(services, generationId, unstopped());
  await giveUpGeneration(services, generationId);
  expect(runner.asked).toHaveLength(5);
});

test("a fault that is not the model's is for the job to try again; given up, it fails the generation", async () => {
  const runner = new ScriptedRunner();
  const { services, projectId, generationId } = await started(runner);
  runner.fail("MVP_SCOPE", new TypeError("A fault of ours."));
  await expect(runGeneration(services, generationId, unstopped())).rejects.toThrow("A fault of ours.");
  expect((await versionsOf(projectId))[1]).toEqual([0, "GENERATING"]);
  await giveUpGeneration(services, generationId);
  expect(await versionsOf(projectId)).toEqual([
    [1, "IDLE"],
    [0, "FAILED"],
    [0, "FAILED"],
    [0, "FAILED"],
    [0, "FAILED"],
  ]);
  const generation = await database.prisma.artifactGeneration.findUnique({ where: { id: generationId } });
  expect(generation).toMatchObject({ status: "FAILED", failureReason: "INTERNAL", completed: 1 });
});

test("a generation that nobody goes on with is enqueued again, once its time is up, and no other", async () => {
  const runner = new ScriptedRunner();
  const { services, generationId } = await started(runner);
  const again: string[] = [];
  const jobs: ModelServices["jobs"] = {
    ...services.jobs,
    generateArtifacts: async (_tx, data) => void again.push(data.generationId),
  };
  const at = (ms: number) => ({ now: () => new Date(clock.now().getTime() + ms) });
  expect(await resumeGenerations({ ...services, jobs, clock: at(360_000) })).toBe(0);
  expect(await resumeGenerations({ ...services, jobs, clock: at(361_000) })).toBe(1);
  expect(again).toEqual([generationId]);
  expect(await resumeGenerations({ ...services, jobs, clock: at(362_000) })).toBe(0);
  await runGeneration(services, generationId, unstopped());
  expect(await resumeGenerations({ ...services, jobs, clock: at(10_000_000) })).toBe(0);
  expect(again).toHaveLength(1);
});

test("what a cut-off call had reserved is closed by the next attempt", async () => {
  const runner = new ScriptedRunner();
  const { services, projectId, generationId } = await started(runner);
  runner.next("BRIEF", (_request, { meter }) =>
    meter({ model: "odd", inputTokens: 100, maxOutputTokens: 1_000 }, () => new Promise(() => {})),
  );
  const stop = new AbortController();
  const cut = runGeneration(services, generationId, stop.signal);
  await expect
    .poll(() => database.prisma.usageLog.count({ where: { projectId, status: "RESERVED" } }))
    .toBe(1);
  stop.abort(new Error("The process stops."));
  await expect(cut).rejects.toThrow();
  await runGeneration(services, generationId, unstopped());
  const rows = await database.prisma.usageLog.findMany({ where: { projectId }, orderBy: { id: "asc" } });
  expect(rows.map(({ status }) => status)).toEqual(["ABANDONED", ...Array(5).fill("SETTLED")]);
  expect(rows[0]).toMatchObject({ inputTokens: 100, outputTokens: 1_000 });
});
