import { beforeAll, describe, expect, test } from "vitest";
import { EACH_SECTION } from "../domain/artifact/sample-content.ts";
import { SHOP_CONTENTS } from "../domain/artifact/shop-contents.ts";
import { useApp } from "../support/app.ts";
import {
  documentsOf,
  EditArtifactSection,
  pick,
  RevertArtifact,
  writeDocuments,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { Previous } from "./support/revisions.ts";

const app = useApp();
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

/** A new project with all its documents. */
async function written() {
  const projectId = await founder.project();
  const project = await writeDocuments(founder, projectId);
  return { projectId, project, idOf: (type: Parameters<typeof pick>[1]) => pick(project, type).id };
}

describe("editArtifactSection", () => {
  test("changes exactly the section that is named, of every document", async () => {
    const { projectId, project, idOf } = await written();
    const contents = Object.fromEntries(
      project.artifacts.map(({ type, json }) => [type, json as Record<string, unknown>]),
    );
    for (const { type, key } of EACH_SECTION) {
      const content = SHOP_CONTENTS[type][key];
      const { artifact } = await founder.succeed(EditArtifactSection, {
        artifactId: idOf(type),
        section: key,
        content,
      });
      contents[type] = { ...contents[type], [key]: content };
      expect(artifact.json).toEqual(contents[type]);
    }
    const { artifacts } = await documentsOf(founder, projectId);
    for (const { type, json } of artifacts) expect(json).toEqual(SHOP_CONTENTS[type]);
  });

  test("counts a version, names the edited sections in their order, and keeps what the model wrote", async () => {
    const { projectId, project, idOf } = await written();
    const artifactId = idOf("BRIEF");
    app.clock.advanceDays(1);
    for (const section of ["valueProposition", "targetUser", "valueProposition", "targetUser"]) {
      const draft = { artifactId, section, content: `We try ${section}.` };
      await founder.succeed(EditArtifactSection, draft);
      expect((await founder.succeed(EditArtifactSection, draft)).events).toEqual([]);
      await founder.succeed(EditArtifactSection, { artifactId, section, content: `We changed ${section}.` });
    }
    const before = pick(project, "BRIEF");
    const after = pick(await documentsOf(founder, projectId), "BRIEF");
    expect(after).toMatchObject({
      versionNumber: 9,
      hasUserEdits: true,
      editedSections: ["targetUser", "valueProposition"],
      generationStatus: "IDLE",
      model: before.model,
      generatedAt: before.generatedAt,
    });
    expect(new Date(after.updatedAt).getTime()).toBeGreaterThan(new Date(before.updatedAt).getTime());
    expect(
      after.changes.map(({ section, kind, before: was, after: is }) => [section, kind, was, is]),
    ).toEqual([
      ["targetUser", "CHANGED", (before.json as { targetUser: string }).targetUser, "We changed targetUser."],
      [
        "valueProposition",
        "CHANGED",
        (before.json as { valueProposition: string }).valueProposition,
        "We changed valueProposition.",
      ],
    ]);
    const { node } = await founder.read(Previous, { id: artifactId });
    const { _schema_version, ...sections } = before.json as Record<string, unknown>;
    expect(node).toMatchObject({ versionNumber: 9, previousContent: sections });
  });

  test("tells of itself in one event, without what the section says", async () => {
    const { projectId, idOf } = await written();
    const artifactId = idOf("MVP_SCOPE");
    const content = ["We leave out the harpsichord."];
    const input = { artifactId, section: "outOfScope", content };
    const { events } = await founder.succeed(EditArtifactSection, input);
    expect(events).toMatchObject([
      {
        __typename: "ArtifactEvent",
        type: "artifact_edited",
        subject: "ARTIFACT",
        actor: "FOUNDER",
        artifactType: "MVP_SCOPE",
        version: 2,
        detail: { type: "MVP_SCOPE", section: "outOfScope", version: 2 },
      },
    ]);
    const log = await founder.log(projectId);
    expect(log.verification).toMatchObject({ ok: true });
    expect(JSON.stringify(log.events)).not.toContain("harpsichord");
  });

  test("stores text without the white space at its ends", async () => {
    const { idOf } = await written();
    const input = {
      artifactId: idOf("BRIEF"),
      section: "targetUser",
      content: " \n We build for bakers.\t\n",
    };
    const { artifact } = await founder.succeed(EditArtifactSection, input);
    expect(artifact.json).toMatchObject({ targetUser: "We build for bakers." });
  });

  test("takes the version that was read, and refuses another with the one that there is", async () => {
    const { projectId, idOf } = await written();
    const artifactId = idOf("RISK_LOG");
    const { marketRisks, technicalRisks } = SHOP_CONTENTS.RISK_LOG;
    const edit = (expectedVersion: number, content: unknown = marketRisks) =>
      founder.run(EditArtifactSection, {
        artifactId,
        section: "marketRisks",
        content,
        expectedVersion,
      });
    expect(await edit(1)).toMatchObject({ artifact: { versionNumber: 2 } });
    const before = await documentsOf(founder, projectId);
    for (const stale of [1, 0, 3, -1]) {
      expect(await edit(stale)).toMatchObject({ __typename: "ConflictError", currentVersion: 2 });
    }
    expect(await documentsOf(founder, projectId)).toEqual(before);
    const { events } = await founder.log(projectId);
    expect(events.at(-1)).toMatchObject({
      type: "command_rejected",
      subject: "ARTIFACT",
      detail: {
        command: "editArtifactSection",
        rule: "CONFLICT",
        input: { section: "marketRisks", expectedVersion: -1 },
      },
    });
    expect(await edit(2, technicalRisks)).toMatchObject({ artifact: { versionNumber: 3 } });
  });

  test("of two that expect the same version lets one through and tells the other", async () => {
    const { projectId, idOf } = await written();
    for (let expectedVersion = 1; expectedVersion <= 5; expectedVersion += 1) {
      const results = await Promise.all(
        ["targetUser", "keyConstraint"].map((section) =>
          founder.run(EditArtifactSection, {
            artifactId: idOf("BRIEF"),
            section,
            content: `We are at ${expectedVersion}.`,
            expectedVersion,
          }),
        ),
      );
      const names = results.map(({ __typename }) => __typename).toSorted();
      expect(names).toEqual(["ConflictError", "EditArtifactSectionSuccess"]);
      expect(results.find(({ __typename }) => __typename === "ConflictError")).toMatchObject({
        currentVersion: expectedVersion + 1,
      });
    }
    expect(pick(await documentsOf(founder, projectId), "BRIEF").versionNumber).toBe(6);
  });

  test("of several sections at once, without a version, loses none", async () => {
    const { projectId, idOf } = await written();
    const sections = [
      "problemStatement",
      "targetUser",
      "valueProposition",
      "keyConstraint",
      "marketAnalysis",
    ];
    await Promise.all(
      sections.map((section) =>
        founder.succeed(EditArtifactSection, {
          artifactId: idOf("BRIEF"),
          section,
          content: `Our ${section}.`,
        }),
      ),
    );
    const brief = pick(await documentsOf(founder, projectId), "BRIEF");
    expect(brief).toMatchObject({ versionNumber: 6, editedSections: sections });
    expect(brief.json).toMatchObject(Object.fromEntries(sections.map((key) => [key, `Our ${key}.`])));
  });
});

describe("an idempotency key on an edit", () => {
  test("gives the first edit's result again without a second one", async () => {
    const { projectId, idOf } = await written();
    const input = { artifactId: idOf("BRIEF"), section: "targetUser", content: "We build for bakers." };
    const first = await founder.succeed(EditArtifactSection, { ...input, idempotencyKey: "edit" });
    const again = await founder.succeed(EditArtifactSection, { ...input, idempotencyKey: "edit" });
    expect(again).toEqual(first);
    expect(pick(await documentsOf(founder, projectId), "BRIEF").versionNumber).toBe(2);
    await founder.succeed(RevertArtifact, { artifactId: input.artifactId });
    const late = await founder.succeed(EditArtifactSection, { ...input, idempotencyKey: "edit" });
    expect(late.events).toEqual(first.events);
    expect(late.artifact.versionNumber).toBe(3);
  });

  test("with other content is a mismatch, and writes nothing", async () => {
    const { projectId, idOf } = await written();
    const input = { artifactId: idOf("MVP_SCOPE"), section: "coreFeatures", idempotencyKey: "features" };
    const feature = { name: "Stocktaking", description: "They count.", priority: "HIGH" };
    const first = await founder.succeed(EditArtifactSection, { ...input, content: [feature] });
    const reordered = { priority: "HIGH", description: "They count.", name: "Stocktaking" };
    expect(await founder.succeed(EditArtifactSection, { ...input, content: [reordered] })).toEqual(first);
    const before = await documentsOf(founder, projectId);
    const other = { ...input, content: [{ ...feature, priority: "LOW" }] };
    expect(await founder.run(EditArtifactSection, other)).toMatchObject({
      __typename: "IdempotencyMismatchError",
    });
    expect(await documentsOf(founder, projectId)).toEqual(before);
  });

  test("remembers a refusal word for word", async () => {
    const { idOf } = await written();
    const input = {
      artifactId: idOf("BRIEF"),
      section: "targetUser",
      content: "We build for bakers.",
      expectedVersion: 2,
      idempotencyKey: "refused",
    };
    const first = await founder.run(EditArtifactSection, input);
    expect(first).toMatchObject({ __typename: "ConflictError", currentVersion: 1 });
    const { expectedVersion: _version, idempotencyKey: _key, ...free } = input;
    await founder.succeed(EditArtifactSection, free);
    expect(await founder.run(EditArtifactSection, input)).toEqual(first);
  });
});
