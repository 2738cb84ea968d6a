import { beforeAll, expect, test } from "vitest";
import { CallFailedError } from "../../src/llm/runner.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { ArchiveProject } from "./support/commands.ts";
import {
  AnnotateArtifact,
  documentsOf,
  EditArtifactSection,
  GenerateArtifacts,
  pick,
  RegenerateArtifact,
  RemoveAnnotation,
  RevertArtifact,
  settled,
  writeDocuments,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";

const runner = new ScriptedRunner();
const app = useApp({ runner });
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

test("what has never been written cannot be edited or reverted", async () => {
  const projectId = await founder.project();
  runner.fail("BRIEF", new CallFailedError("UNAVAILABLE", "The provider is down."));
  await founder.succeed(GenerateArtifacts, { projectId });
  const { artifacts } = await settled(founder, projectId);
  for (const { id: artifactId, type } of artifacts) {
    const section = { BRIEF: "targetUser", HOW_IT_WORKS: "dataFlow" }[type as string] ?? "";
    const edit = { artifactId, section, content: "We build for bakers." };
    const refused = { __typename: "ConflictError", currentState: "FAILED", currentVersion: 0 };
    if (section !== "") expect(await founder.run(EditArtifactSection, edit)).toMatchObject(refused);
    expect(await founder.run(RevertArtifact, { artifactId })).toMatchObject(refused);
  }
  expect((await documentsOf(founder, projectId)).artifacts).toEqual(artifacts);
});

/** Every command on one document. */
function commandsOn(artifactId: string, annotationId: string): Record<string, () => Promise<unknown>> {
  const section = "targetUser";
  return {
    editArtifactSection: () => founder.run(EditArtifactSection, { artifactId, section, content: "We wait." }),
    annotateArtifact: () => founder.run(AnnotateArtifact, { artifactId, section, note: "Why?" }),
    removeAnnotation: () => founder.run(RemoveAnnotation, { artifactId, annotationId }),
    revertArtifact: () => founder.run(RevertArtifact, { artifactId }),
    regenerateArtifact: () => founder.run(RegenerateArtifact, { artifactId, force: true }),
  };
}

/** A written document with an edit and a note. */
async function editedBrief() {
  const projectId = await founder.project();
  const artifactId = pick(await writeDocuments(founder, projectId), "BRIEF").id;
  const section = "targetUser";
  await founder.succeed(EditArtifactSection, { artifactId, section, content: "We build for bakers." });
  const { annotation } = await founder.succeed(AnnotateArtifact, { artifactId, section, note: "Bakers?" });
  return { projectId, artifactId, commands: commandsOn(artifactId, annotation?.id ?? "") };
}

test("while a document is being written every command on it is a conflict and changes nothing", async () => {
  const { projectId, artifactId, commands } = await editedBrief();
  const writing = runner.hold("BRIEF");
  await founder.succeed(RegenerateArtifact, { artifactId, force: true });
  await writing.begun;
  const before = await documentsOf(founder, projectId);
  for (const [name, run] of Object.entries(commands)) {
    expect(await run(), name).toMatchObject({ __typename: "ConflictError", currentState: "GENERATING" });
  }
  expect(await documentsOf(founder, projectId)).toEqual(before);
  expect((await founder.log(projectId)).events.slice(-5).map(({ type }) => type)).toEqual(
    Array(5).fill("command_rejected"),
  );
  writing.letGo();
  expect(pick(await settled(founder, projectId), "BRIEF")).toMatchObject({
    versionNumber: 3,
    editedSections: [],
  });
});

test("in an archived project every command on a document is refused, and its content is not in the log", async () => {
  const { projectId, commands } = await editedBrief();
  await founder.succeed(ArchiveProject, { projectId });
  const before = await documentsOf(founder, projectId);
  const all = {
    ...commands,
    generateArtifacts: () => founder.run(GenerateArtifacts, { projectId, force: true }),
  };
  for (const [name, run] of Object.entries(all)) {
    expect(await run(), name).toMatchObject({ __typename: "GuardRejectedError", rule: "ARCHIVED" });
  }
  expect(await documentsOf(founder, projectId)).toEqual(before);
  const { events, verification } = await founder.log(projectId);
  expect(verification).toMatchObject({ ok: true });
  expect(JSON.stringify(events)).not.toContain("We wait.");
  expect(JSON.stringify(events)).not.toContain("Why?");
});
