import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/domain/account/plan.ts";
import { documentOf } from "../../src/domain/artifact/documents.ts";
import { lockedSections } from "../../src/domain/artifact/tier.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../src/domain/artifact/type.ts";
import { CallFailedError, NO_USAGE } from "../../src/llm/runner.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { SetPlanTier } from "./support/commands.ts";
import {
  AnnotateArtifact,
  EditArtifactSection,
  GenerateArtifacts,
  pick,
  RemoveAnnotation,
  settled,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { FULL_ARTIFACT, FULL_EVENT } from "./support/full-artifact.ts";
import {
  type Edition,
  mark,
  markedSection,
  marksIn,
  openMarks,
  writeMarked,
} from "./support/marked-documents.ts";
import { Viewer } from "./support/queries.ts";
import { ask } from "./support/reading-paths.ts";

const SMALLER_PLANS = ["BOOTSTRAPPER", "PARTNER"] as const;

const lines: string[] = [];
const runner = new ScriptedRunner();
const app = useApp({ runner, log: pino({ level: "trace" }, { write: (line) => lines.push(line) }) });
const founder = new Founder(app);
const my = { projectId: "", userId: "" };
const artifactIds = {} as Record<ArtifactType, string>;
/** The id of the note beside a section, by its mark. */
const noteIds = new Map<string, string>();

beforeAll(async () => {
  my.userId = (await founder.read(Viewer, {})).viewer.id;
  await setPlan("CTO_SCALE");
  my.projectId = await founder.project();
  const project = await writeMarked(founder, runner, my.projectId, "v1");
  for (const type of ARTIFACT_TYPES) {
    artifactIds[type] = pick(project, type).id;
    for (const section of Object.keys(documentOf(type).sections)) {
      const note = mark(type, section, "note");
      const { annotation } = await founder.succeed(AnnotateArtifact, {
        artifactId: artifactIds[type],
        section,
        note,
      });
      noteIds.set(note, annotation?.id ?? "");
    }
  }
}, 30_000);

async function setPlan(plan: Plan): Promise<void> {
  await founder.succeed(SetPlanTier, { userId: my.userId, plan });
}

const rows = () => app.database.prisma.artifact.findMany({ orderBy: { id: "asc" } });
const wholeLog = (projectId: string) =>
  ask(app.url, `{ project(id: "${projectId}") { events(last: 100) { nodes { ${FULL_EVENT} } } } }`);

describe.each(SMALLER_PLANS)("on the plan %s", (plan) => {
  beforeAll(async () => {
    await writeMarked(founder, runner, my.projectId, "v1");
    await writeMarked(founder, runner, my.projectId, "v2");
    await setPlan(plan);
  });

  const closed = ARTIFACT_TYPES.flatMap((type) =>
    lockedSections(documentOf(type), plan).map(({ section, requiredTier }) => ({
      type,
      section,
      requiredTier,
      refused: { __typename: "LockedTierError", section, requiredTier },
    })),
  );

  test.each(closed)("$type.$section cannot be edited", async ({ type, section, refused }) => {
    const before = await rows();
    const content = markedSection(type, section, "refused");
    const input = { artifactId: artifactIds[type], section, content };
    expect(await founder.run(EditArtifactSection, input)).toMatchObject(refused);
    expect(await rows()).toEqual(before);
  });

  test.each(closed)("$type.$section cannot be annotated", async ({ type, section, refused }) => {
    const before = await rows();
    const input = { artifactId: artifactIds[type], section, note: mark(type, section, "refused") };
    expect(await founder.run(AnnotateArtifact, input)).toMatchObject(refused);
    expect(await rows()).toEqual(before);
  });

  test.each(closed)("the note beside $type.$section cannot be removed", async ({
    type,
    section,
    refused,
  }) => {
    const before = await rows();
    const annotationId = noteIds.get(mark(type, section, "note")) ?? "";
    const input = { artifactId: artifactIds[type], annotationId };
    expect(await founder.run(RemoveAnnotation, input)).toMatchObject(refused);
    expect(await rows()).toEqual(before);
  });

  test.each(
    ARTIFACT_TYPES,
  )("an edit of %s that is refused for its version leaves its content out of the log", async (type) => {
    const before = await rows();
    for (const section of Object.keys(documentOf(type).sections)) {
      const content = markedSection(type, section, "refused");
      const input = { artifactId: artifactIds[type], section, content, expectedVersion: 99 };
      const answer = await founder.run(EditArtifactSection, input);
      expect(answer).toMatchObject({ __typename: "ConflictError" });
      expect(marksIn(JSON.stringify(answer))).toEqual([]);
    }
    expect(await rows()).toEqual(before);
    expect(marksIn(await wholeLog(my.projectId))).toEqual([]);
  });

  describe.each(ARTIFACT_TYPES)("every command on %s answers with open sections only:", (type) => {
    const [section = ""] = Object.keys(documentOf(type).sections);
    const give = (name: string, fields: object, expected?: string) =>
      command(name, { artifactId: artifactIds[type], ...fields }, expected);
    const seen = (editions: readonly Edition[]) => openMarks(plan, [type], editions);

    test("revertArtifact, both ways", async () => {
      const there = marksIn(await give("revertArtifact", {}));
      expect(there).toEqual(seen(["v1", "v2", "note"]));
      expect(marksIn(await give("revertArtifact", {}))).toEqual(there);
    });

    test("annotateArtifact and removeAnnotation", async () => {
      const answer = await give("annotateArtifact", { section, note: "Again." });
      expect(marksIn(answer)).toEqual(seen(["v1", "v2", "note"]));
      const { data } = JSON.parse(answer) as { data: { result: { annotation: { id: string } } } };
      const { id } = data.result.annotation;
      expect(marksIn(await give("removeAnnotation", { annotationId: id }))).toEqual(
        seen(["v1", "v2", "note"]),
      );
    });

    test("editArtifactSection, also when the document of its event is asked for", async () => {
      const content = markedSection(type, section, "v1");
      const answer = await give("editArtifactSection", { section, content });
      // Now the previous version is what the model has written: the same as the present one, but for the section.
      expect(marksIn(answer)).toEqual([...seen(["v2", "note"]), mark(type, section, "v1")].sort());
    });

    test("regenerateArtifact, refused for the edit and by force", async () => {
      const refused = await give("regenerateArtifact", {}, "EditsWouldBeLostError");
      expect(marksIn(refused)).toEqual([]);
      const writing = runner.hold(type);
      expect(marksIn(await give("regenerateArtifact", { force: true }))).toEqual(
        [...seen(["v2", "note"]), mark(type, section, "v1")].sort(),
      );
      writing.letGo();
      await settled(founder, my.projectId);
    });
  });
});

test("what a model wrote that does not fit is in no message, no event and no line of the log", async () => {
  await setPlan("CTO_SCALE");
  const projectId = await founder.project();
  for (const type of ARTIFACT_TYPES) {
    runner.next(type, async () => ({ content: nonsense(type), model: "odd", usage: NO_USAGE }));
    await founder.succeed(GenerateArtifacts, { projectId });
    const failed = await settled(founder, projectId);
    expect(failed.artifactGeneration.failure?.reason).toBe("INVALID_OUTPUT");
    expect(pick(failed, type).failure?.reason).toBe("INVALID_OUTPUT");
    expect(marksIn(JSON.stringify(failed))).toEqual([]);
    expect(marksIn(await wholeLog(projectId))).toEqual([]);
    // The next document is reached once this one is written.
    runner.next(type, runner.write);
    const next = ARTIFACT_TYPES[ARTIFACT_TYPES.indexOf(type) + 1];
    if (next) runner.fail(next, new CallFailedError("UNAVAILABLE", "Not now."));
    await founder.succeed(GenerateArtifacts, { projectId });
    await settled(founder, projectId);
  }
  expect(lines.length).toBeGreaterThan(100);
  expect(marksIn(lines.join("\n"))).toEqual([]);
});

/** What fits no section of a document, with the section's mark in every text and as a key. */
function nonsense(type: ArtifactType): Record<string, unknown> {
  const sections = Object.keys(documentOf(type).sections).map((key) => {
    const text = mark(type, key, "refused");
    return [key, [{ [text]: text, title: [text], severity: text, priority: text }, text]];
  });
  return {
    ...Object.fromEntries(sections),
    [mark(type, "unknown", "refused")]: "A section that there is not.",
  };
}

/** Gives a command and returns the whole answer, with all that can be read of the document and of its events. */
async function command(name: string, input: object, expected = "Success"): Promise<string> {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const note = name === "annotateArtifact" ? "annotation { id note }" : "";
  const answer = await ask(
    app.url,
    `mutation ($input: ${typeName}Input!) {
      result: ${name}(input: $input) {
        __typename
        ... on Error { message }
        ... on ${typeName}Success {
          artifact ${FULL_ARTIFACT} ${note}
          events { ${FULL_EVENT} ... on ArtifactEvent { artifact ${FULL_ARTIFACT} } }
        }
      }
    }`,
    { input },
  );
  expect(answer).toContain(`"__typename":"${expected === "Success" ? `${typeName}Success` : expected}"`);
  return answer;
}
