import { describe, expect, test } from "vitest";
import { CallFailedError } from "../../src/llm/runner.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { documentsOf, GenerateArtifacts, pick, settled, writeDocuments } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";

const CHAIN = ["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG", "HOW_IT_WORKS"];

const runner = new ScriptedRunner();
const app = useApp({ runner });
const founder = new Founder(app);

describe("generateArtifacts", () => {
  test("returns at once, and the documents follow one after the other, each with its event", async () => {
    await founder.enlargePlan();
    const projectId = await founder.project();
    const brief = runner.hold("BRIEF");
    const scope = runner.hold("MVP_SCOPE");
    const { project, events } = await founder.succeed(GenerateArtifacts, { projectId });
    expect(project.artifactGeneration).toEqual({
      status: "RUNNING",
      completed: 0,
      total: 5,
      current: "BRIEF",
    });
    expect(events).toMatchObject([
      { type: "generation_started", subject: "ARTIFACT", detail: { types: CHAIN } },
    ]);
    await brief.begun;
    brief.letGo();
    await scope.begun;
    const halfway = await documentsOf(founder, projectId);
    expect(halfway.artifactGeneration).toMatchObject({
      status: "RUNNING",
      completed: 1,
      current: "MVP_SCOPE",
    });
    expect(
      halfway.artifacts.map(({ type, generationStatus, versionNumber }) => [
        type,
        generationStatus,
        versionNumber,
      ]),
    ).toEqual([
      ["BRIEF", "IDLE", 1],
      ["MVP_SCOPE", "GENERATING", 0],
      ["MILESTONES", "GENERATING", 0],
      ["RISK_LOG", "GENERATING", 0],
      ["HOW_IT_WORKS", "GENERATING", 0],
    ]);
    scope.letGo();
    const done = await settled(founder, projectId);
    expect(done.artifactGeneration).toMatchObject({
      status: "COMPLETED",
      completed: 5,
      total: 5,
      current: null,
    });
    const log = await founder.log(projectId);
    expect(log.verification).toMatchObject({ ok: true });
    const started = events[0];
    const own = log.events.filter(({ correlationId }) => correlationId === started?.correlationId);
    expect(own.map(({ type, actor }) => [type, actor])).toEqual([
      ["generation_started", "FOUNDER"],
      ["artifact_generated", "LLM"],
      ["milestone", "SYSTEM"],
      ["artifact_generated", "LLM"],
      ["artifact_generated", "LLM"],
      ["artifact_generated", "LLM"],
      ["milestone", "SYSTEM"],
      ["artifact_generated", "LLM"],
      ["generation_ended", "SYSTEM"],
    ]);
  });

  test("gives each document those before it, as they are", async () => {
    const projectId = await founder.project("Barrel");
    runner.requests.length = 0;
    await writeDocuments(founder, projectId);
    expect(runner.asked).toEqual(CHAIN);
    expect(runner.requests.map(({ context }) => Object.keys(context.documents))).toEqual(
      CHAIN.map((_, index) => CHAIN.slice(0, index)),
    );
    expect(runner.requests[0]?.context.project.name).toBe("Barrel");
  });

  test("keeps what succeeded when one fails; asking again writes only the rest", async () => {
    const projectId = await founder.project();
    runner.fail("MILESTONES", new CallFailedError("UNAVAILABLE", "The provider is down."));
    await founder.succeed(GenerateArtifacts, { projectId });
    const failed = await settled(founder, projectId);
    expect(failed.artifactGeneration).toMatchObject({
      status: "FAILED",
      completed: 2,
      failure: { reason: "UNAVAILABLE", message: "The provider is down." },
    });
    expect(
      failed.artifacts.map(({ generationStatus, failure }) => [generationStatus, failure?.reason]),
    ).toEqual([
      ["IDLE", undefined],
      ["IDLE", undefined],
      ["FAILED", "UNAVAILABLE"],
      ["FAILED", "NOT_REACHED"],
      ["FAILED", "NOT_REACHED"],
    ]);
    runner.requests.length = 0;
    await founder.succeed(GenerateArtifacts, { projectId });
    const done = await settled(founder, projectId);
    expect(runner.asked).toEqual(CHAIN.slice(2));
    expect(done.artifactGeneration).toMatchObject({ status: "COMPLETED", completed: 3, total: 3 });
    expect(pick(done, "BRIEF").updatedAt).toBe(pick(failed, "BRIEF").updatedAt);
  });
});
