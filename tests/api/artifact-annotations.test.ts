import { beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { useApp } from "../support/app.ts";
import { SetPlanTier } from "./support/commands.ts";
import {
  AnnotateArtifact,
  documentsOf,
  EditArtifactSection,
  pick,
  RegenerateArtifact,
  RemoveAnnotation,
  RevertArtifact,
  settled,
  writeDocuments,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { Viewer } from "./support/queries.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

const Notes = graphql(/* GraphQL */ `
  query Notes($id: ID!, $section: String) {
    node(id: $id) {
      ... on Artifact {
        annotations(section: $section) {
          id
          section
          note
          createdAt
        }
      }
    }
  }
`);

async function notesOf(id: string, section: string | null = null) {
  const { node } = await founder.read(Notes, { id, section });
  return node && "annotations" in node ? node.annotations : [];
}

/** A new document with its project. */
async function brief() {
  const projectId = await founder.project();
  return { projectId, artifactId: pick(await writeDocuments(founder, projectId), "BRIEF").id };
}

async function annotate(artifactId: string, section: string, note: string) {
  const { annotation } = await founder.succeed(AnnotateArtifact, { artifactId, section, note });
  if (!annotation) throw new Error("A new note is there.");
  return annotation;
}

test("a note is kept beside its section, with its time, and is told of without its text", async () => {
  const { projectId, artifactId } = await brief();
  app.clock.advanceDays(1);
  const input = { artifactId, section: "targetUser", note: "  Why not bakers?\n" };
  const { annotation, artifact, events } = await founder.succeed(AnnotateArtifact, input);
  expect(annotation).toMatchObject({ section: "targetUser", note: "Why not bakers?" });
  const createdAt = app.clock.now().toISOString();
  expect(await notesOf(artifactId)).toEqual([{ ...annotation, createdAt }]);
  expect(artifact).toMatchObject({
    versionNumber: 1,
    hasUserEdits: false,
    changes: [],
    updatedAt: createdAt,
  });
  expect(events).toMatchObject([
    { type: "artifact_annotated", artifactType: "BRIEF", detail: { type: "BRIEF", section: "targetUser" } },
  ]);
  expect(JSON.stringify((await founder.log(projectId)).events)).not.toContain("bakers");
});

test("notes are listed by section, oldest first, and removed one by one", async () => {
  const { artifactId } = await brief();
  const [first, second, other] = [
    await annotate(artifactId, "targetUser", "First"),
    await annotate(artifactId, "targetUser", "Second"),
    await annotate(artifactId, "keyConstraint", "Other"),
  ];
  const textsOf = async (section: string | null) =>
    (await notesOf(artifactId, section)).map(({ note }) => note);
  expect(await textsOf(null)).toEqual(["First", "Second", "Other"]);
  expect(await textsOf("targetUser")).toEqual(["First", "Second"]);
  expect(await textsOf("keyConstraint")).toEqual(["Other"]);
  expect(await textsOf("marketAnalysis")).toEqual([]);
  expect(await textsOf("no such section")).toEqual([]);
  const input = { artifactId, annotationId: first.id };
  const { artifact, events } = await founder.succeed(RemoveAnnotation, input);
  expect(artifact.annotations.map(({ id }) => id)).toEqual([second.id, other.id]);
  expect(events).toMatchObject([{ type: "annotation_removed", detail: { section: "targetUser" } }]);
  expect(await founder.run(RemoveAnnotation, input)).toMatchObject({ __typename: "NotFoundError" });
  expect(await textsOf(null)).toEqual(["Second", "Other"]);
});

test("a note of another document is not found, and stays", async () => {
  const { projectId, artifactId } = await brief();
  const note = await annotate(artifactId, "targetUser", "Mine");
  const scope = pick(await documentsOf(founder, projectId), "MVP_SCOPE").id;
  const input = { artifactId: scope, annotationId: note.id };
  expect(await founder.run(RemoveAnnotation, input)).toMatchObject({ __typename: "NotFoundError" });
  expect(await notesOf(artifactId)).toHaveLength(1);
});

test("notes stay when the document is edited, written anew and reverted", async () => {
  const { projectId, artifactId } = await brief();
  await annotate(artifactId, "targetUser", "Stays");
  const before = await notesOf(artifactId);
  await founder.succeed(EditArtifactSection, { artifactId, section: "targetUser", content: "We build." });
  await founder.succeed(RegenerateArtifact, { artifactId, force: true });
  await settled(founder, projectId);
  expect(await notesOf(artifactId)).toEqual(before);
  await founder.succeed(RevertArtifact, { artifactId });
  expect(await notesOf(artifactId)).toEqual(before);
});

test("a document holds 200 notes, and another one once one is removed", async () => {
  const { artifactId } = await brief();
  for (let count = 1; count < 200; count += 1) await annotate(artifactId, "targetUser", `Note ${count}`);
  const last = await annotate(artifactId, "targetUser", "Note 200");
  const more = { artifactId, section: "keyConstraint", note: "One too many" };
  expect(await founder.run(AnnotateArtifact, more)).toMatchObject({
    __typename: "ConflictError",
    currentState: "FULL",
    message: expect.stringContaining("200"),
  });
  expect(await notesOf(artifactId)).toHaveLength(200);
  await founder.succeed(RemoveAnnotation, { artifactId, annotationId: last.id });
  await founder.succeed(AnnotateArtifact, more);
});

describe("a note", () => {
  let artifactId = "";
  beforeAll(async () => {
    ({ artifactId } = await brief());
  });

  test.each([
    ["empty", "", "ValidationError"],
    ["blank", " \n\t", "ValidationError"],
    ["of 2,001 characters", "n".repeat(2_001), "ValidationError"],
    ["with NUL", "a\u0000b", "ValidationError"],
    ["of 2,000 characters beyond ASCII", "ß".repeat(2_000), "AnnotateArtifactSuccess"],
  ])("that is %s comes to that", async (_name, note, expected) => {
    const before = await notesOf(artifactId);
    const result = await founder.run(AnnotateArtifact, { artifactId, section: "targetUser", note });
    expect(result.__typename).toBe(expected);
    const added = expected === "ValidationError" ? [] : [expect.objectContaining({ note })];
    expect(await notesOf(artifactId)).toEqual([...before, ...added]);
  });

  test("is made once by an idempotency key, and null in its answer once it is removed", async () => {
    const input = { artifactId, section: "targetUser", note: "Once", idempotencyKey: "once" };
    const first = await founder.succeed(AnnotateArtifact, input);
    expect(await founder.succeed(AnnotateArtifact, input)).toEqual(first);
    const made = (await notesOf(artifactId)).filter(({ note }) => note === "Once");
    expect(made).toHaveLength(1);
    await founder.succeed(RemoveAnnotation, { artifactId, annotationId: first.annotation?.id ?? "" });
    expect(await founder.succeed(AnnotateArtifact, input)).toMatchObject({ annotation: null });
  });

  test("beside a section that the plan has come to close is not shown by its idempotency key either", async () => {
    const { viewer } = await founder.read(Viewer, {});
    const input = {
      artifactId,
      section: "marketAnalysis",
      note: "Hidden",
      idempotencyKey: `${artifactId}/2`,
    };
    await founder.succeed(AnnotateArtifact, input);
    await founder.succeed(SetPlanTier, { userId: viewer.id, plan: "BOOTSTRAPPER" });
    const again = await founder.succeed(AnnotateArtifact, input);
    await founder.enlargePlan();
    expect(again.artifact.annotations.map(({ section }) => section)).not.toContain("marketAnalysis");
    expect(again.annotation).toBeNull();
  });
});
