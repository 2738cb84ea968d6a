import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { CallFailedError } from "../../src/llm/runner.ts";
import { startApp, useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { ArchiveProject } from "./support/commands.ts";
import {
  documentsOf,
  EditArtifactSection,
  GenerateArtifacts,
  pick,
  RegenerateArtifact,
  settled,
  writeDocuments,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";

const runner = new ScriptedRunner();
const app = useApp({ runner });
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());
afterEach(() => {
  runner.requests.length = 0;
});

/** What a project's first document came to when its writing went so. */
async function briefAfter(script: () => void) {
  const projectId = await founder.project();
  script();
  await founder.succeed(GenerateArtifacts, { projectId });
  const project = await settled(founder, projectId);
  expect(project.artifactGeneration).toMatchObject({ status: "FAILED", completed: 0, total: 5 });
  return pick(project, "BRIEF");
}

describe("a document whose model", () => {
  test("writes nonsense fails as INVALID_OUTPUT, and says where it does not fit", async () => {
    const nonsense = { problemStatement: "Only this.", secret: "SECRET" };
    const usage = { inputTokens: 1, outputTokens: 1, costMicrodollars: 0 };
    const brief = await briefAfter(() =>
      runner.next("BRIEF", async () => ({ content: nonsense, model: "odd", usage })),
    );
    expect(brief).toMatchObject({ generationStatus: "FAILED", versionNumber: 0, json: null });
    expect(brief.failure?.reason).toBe("INVALID_OUTPUT");
    expect(brief.failure?.message).toContain("targetUser");
    expect(brief.failure?.message).not.toContain("SECRET");
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "A brief."],
    ["a list", []],
    ["a number", 4],
  ])("writes %s fails as INVALID_OUTPUT", async (_name, content) => {
    const usage = { inputTokens: 1, outputTokens: 1, costMicrodollars: 0 };
    const brief = await briefAfter(() =>
      runner.next("BRIEF", async () => ({ content, model: "odd", usage })),
    );
    expect(brief.failure?.reason).toBe("INVALID_OUTPUT");
  });

  test("never answers, not even when it is told to stop, fails as TIMEOUT", async () => {
    const silent = new ScriptedRunner();
    silent.next("BRIEF", () => new Promise(() => {}));
    const impatient = new Founder(await startApp({ runner: silent, documentTimeoutMs: 20 }));
    const projectId = await impatient.project();
    await impatient.succeed(GenerateArtifacts, { projectId });
    const brief = pick(await settled(impatient, projectId), "BRIEF");
    expect(brief.failure).toEqual({
      reason: "TIMEOUT",
      message: "It was not written within 0.02 seconds.",
    });
  });

  test.each([
    "RATE_LIMITED",
    "UNAVAILABLE",
    "TIMEOUT",
    "REFUSED",
  ] as const)("fails as %s says so", async (failure) => {
    const brief = await briefAfter(() => runner.fail("BRIEF", new CallFailedError(failure, "In words.")));
    expect(brief.failure).toEqual({ reason: failure, message: "In words." });
  });

  test("fails once more keeps what it said before, edits and all", async () => {
    const projectId = await founder.project();
    const before = pick(await writeDocuments(founder, projectId), "BRIEF");
    const input = { artifactId: before.id, section: "targetUser", content: "We build for bakers." };
    const { artifact } = await founder.succeed(EditArtifactSection, input);
    runner.fail("BRIEF", new CallFailedError("UNAVAILABLE", "The provider is down."));
    await founder.succeed(RegenerateArtifact, { artifactId: before.id, force: true });
    const after = pick(await settled(founder, projectId), "BRIEF");
    expect(after).toMatchObject({
      generationStatus: "FAILED",
      versionNumber: artifact.versionNumber,
      json: artifact.json,
      editedSections: ["targetUser"],
      changes: artifact.changes,
    });
  });
});

describe("of two that start at once", () => {
  test("one runs, and the other is told what is going on", async () => {
    const projectId = await founder.project();
    const brief = runner.hold("BRIEF");
    const results = await Promise.all(
      Array.from({ length: 4 }, () => founder.run(GenerateArtifacts, { projectId })),
    );
    const names = results.map(({ __typename }) => __typename).sort();
    expect(names).toEqual(["ConflictError", "ConflictError", "ConflictError", "GenerateArtifactsSuccess"]);
    const conflict = results.find(({ __typename }) => __typename === "ConflictError");
    expect(conflict).toMatchObject({ currentState: "GENERATING" });
    brief.letGo();
    const project = await settled(founder, projectId);
    expect(project.artifacts.map(({ versionNumber }) => versionNumber)).toEqual([1, 1, 1, 1, 1]);
    expect(runner.asked).toHaveLength(5);
  });

  test("with the same idempotency key both are told of the same start", async () => {
    const projectId = await founder.project();
    const input = { projectId, idempotencyKey: "twice" };
    const [first, second] = await Promise.all([
      founder.succeed(GenerateArtifacts, input),
      founder.succeed(GenerateArtifacts, input),
    ]);
    expect(first.events).toEqual(second.events);
    await settled(founder, projectId);
    expect(runner.asked).toHaveLength(5);
  });
});

test("there is nothing to write twice without force", async () => {
  const projectId = await founder.project();
  await writeDocuments(founder, projectId);
  expect(await founder.run(GenerateArtifacts, { projectId })).toMatchObject({
    __typename: "ConflictError",
    currentState: "COMPLETED",
  });
  await founder.succeed(GenerateArtifacts, { projectId, force: true });
  const project = await settled(founder, projectId);
  expect(project.artifacts.map(({ versionNumber }) => versionNumber)).toEqual([2, 2, 2, 2, 2]);
});

test("a project that is archived meanwhile gets no further document, and its documents are not locked", async () => {
  const projectId = await founder.project();
  const brief = runner.hold("BRIEF");
  await founder.succeed(GenerateArtifacts, { projectId });
  await brief.begun;
  await founder.succeed(ArchiveProject, { projectId });
  brief.letGo();
  const project = await settled(founder, projectId);
  expect(project.artifactGeneration).toMatchObject({ status: "FAILED", failure: { reason: "ARCHIVED" } });
  expect(runner.asked).toEqual(["BRIEF"]);
  expect(pick(project, "BRIEF").versionNumber).toBe(1);
  expect(project.artifacts.some(({ generationStatus }) => generationStatus === "GENERATING")).toBe(false);
});

test("while documents are being written they cannot be edited, and the old content stays", async () => {
  const projectId = await founder.project();
  const before = pick(await writeDocuments(founder, projectId), "BRIEF");
  const brief = runner.hold("BRIEF");
  await founder.succeed(RegenerateArtifact, { artifactId: before.id });
  await brief.begun;
  const input = { artifactId: before.id, section: "targetUser", content: "We build for bakers." };
  expect(await founder.run(EditArtifactSection, input)).toMatchObject({
    __typename: "ConflictError",
    currentState: "GENERATING",
    currentVersion: 1,
  });
  expect(pick(await documentsOf(founder, projectId), "BRIEF").json).toEqual(before.json);
  brief.letGo();
  expect(pick(await settled(founder, projectId), "BRIEF")).toMatchObject({ versionNumber: 2 });
});
