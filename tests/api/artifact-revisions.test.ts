import { beforeAll, describe, expect, test } from "vitest";
import { NO_USAGE } from "../../src/llm/runner.ts";
import { EACH_SECTION } from "../domain/artifact/sample-content.ts";
import { SHOP_CONTENTS } from "../domain/artifact/shop-contents.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import {
  documentsOf,
  EditArtifactSection,
  GenerateArtifacts,
  pick,
  RegenerateArtifact,
  RevertArtifact,
  settled,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { markedContent, markedSection, writeMarked } from "./support/marked-documents.ts";
import { Previous, usersOf } from "./support/revisions.ts";

const runner = new ScriptedRunner();
const app = useApp({ runner });
const founder = new Founder(app);

beforeAll(() => founder.enlargePlan());

/** A project whose documents say what a model has written of the same shop. */
async function written() {
  const projectId = await founder.project();
  const project = await writeMarked(founder, runner, projectId, "v1");
  return { projectId, brief: pick(project, "BRIEF"), scope: pick(project, "MVP_SCOPE") };
}

const edit = (artifactId: string, section: string, content: unknown) =>
  founder.succeed(EditArtifactSection, { artifactId, section, content });

/** What a document said one version before. */
async function previousOf(id: string): Promise<unknown> {
  const { node } = await founder.read(Previous, { id });
  return node && "previousContent" in node ? node.previousContent : undefined;
}

describe("writing anew what people have edited", () => {
  test("is refused without force, naming the sections, and nothing changes", async () => {
    const { projectId, brief, scope } = await written();
    await edit(scope.id, "outOfScope", ["We leave out payments."]);
    await edit(brief.id, "valueProposition", "We promise less.");
    await edit(brief.id, "targetUser", "We build for bakers.");
    const before = await documentsOf(founder, projectId);
    const refused = await founder.run(RegenerateArtifact, { artifactId: brief.id });
    expect(refused).toMatchObject({
      __typename: "EditsWouldBeLostError",
      sections: [
        { type: "BRIEF", section: "valueProposition" },
        { type: "BRIEF", section: "targetUser" },
      ],
    });
    expect(refused).toHaveProperty("message", expect.stringContaining("BRIEF.targetUser"));
    expect(await documentsOf(founder, projectId)).toEqual(before);
    expect((await founder.log(projectId)).events.at(-1)).toMatchObject({
      type: "command_rejected",
      detail: { command: "regenerateArtifact", rule: "EDITS_WOULD_BE_LOST" },
    });
    // The edits of other documents do not stand in the way.
    await founder.succeed(RegenerateArtifact, { artifactId: pick(before, "RISK_LOG").id });
    await settled(founder, projectId);
  });

  test("is no obstacle to writing what is missing", async () => {
    const { projectId, brief } = await written();
    await edit(brief.id, "targetUser", "We build for bakers.");
    expect(await founder.run(GenerateArtifacts, { projectId })).toMatchObject({
      __typename: "ConflictError",
      currentState: "COMPLETED",
    });
  });

  test("by force makes the edited version the previous one", async () => {
    const { projectId, brief } = await written();
    await edit(brief.id, "targetUser", "We build for bakers.");
    runner.next("BRIEF", async () => ({
      content: markedContent("BRIEF", "v2"),
      model: "second",
      usage: NO_USAGE,
    }));
    app.clock.advanceDays(1);
    await founder.succeed(RegenerateArtifact, { artifactId: brief.id, force: true });
    const after = pick(await settled(founder, projectId), "BRIEF");
    expect(after).toMatchObject({
      versionNumber: 3,
      model: "second",
      hasUserEdits: false,
      editedSections: [],
      generatedAt: app.clock.now().toISOString(),
      json: markedContent("BRIEF", "v2"),
    });
    expect(await previousOf(brief.id)).toMatchObject({
      ...markedContent("BRIEF", "v1"),
      targetUser: "We build for bakers.",
    });
    const changed = after.changes.find(({ section }) => section === "targetUser");
    expect(changed).toMatchObject({ kind: "CHANGED", before: "We build for bakers." });
  });
});

describe("revertArtifact", () => {
  test("takes the previous version back, and twice is as if nothing was done", async () => {
    const { projectId, brief } = await written();
    await edit(brief.id, "targetUser", "We build for bakers.");
    await edit(brief.id, "keyConstraint", "Our users have flour on their hands.");
    const edited = pick(await documentsOf(founder, projectId), "BRIEF");
    const there = await founder.succeed(RevertArtifact, { artifactId: brief.id });
    expect(there.artifact).toMatchObject({
      versionNumber: 4,
      json: brief.json,
      hasUserEdits: false,
      editedSections: [],
      generatedAt: brief.generatedAt,
    });
    expect(there.artifact.changes.map(({ section, after }) => [section, after])).toEqual([
      ["targetUser", markedSection("BRIEF", "targetUser", "v1")],
      ["keyConstraint", markedSection("BRIEF", "keyConstraint", "v1")],
    ]);
    expect(there.events).toMatchObject([
      { type: "artifact_reverted", version: 4, detail: { type: "BRIEF", version: 4, revertedTo: 1 } },
    ]);
    const back = await founder.succeed(RevertArtifact, { artifactId: brief.id });
    const { versionNumber, updatedAt, ...rest } = edited;
    expect(back.artifact).toMatchObject({ ...rest, versionNumber: 5 });
  });

  test("asks for the version that was read, and for a previous one", async () => {
    const { projectId, brief } = await written();
    expect(await founder.run(RevertArtifact, { artifactId: brief.id })).toMatchObject({
      __typename: "ConflictError",
      currentVersion: 1,
    });
    await edit(brief.id, "targetUser", "We build for bakers.");
    const before = await documentsOf(founder, projectId);
    const stale = { artifactId: brief.id, expectedVersion: 1 };
    expect(await founder.run(RevertArtifact, stale)).toMatchObject({ currentVersion: 2 });
    expect(await documentsOf(founder, projectId)).toEqual(before);
    await founder.succeed(RevertArtifact, { artifactId: brief.id, expectedVersion: 2 });
  });

  test("keeps the edits of the version that it takes back from being lost", async () => {
    const { projectId, brief } = await written();
    await edit(brief.id, "targetUser", "We build for bakers.");
    await founder.succeed(RegenerateArtifact, { artifactId: brief.id, force: true });
    await settled(founder, projectId);
    await founder.succeed(RevertArtifact, { artifactId: brief.id });
    expect(await founder.run(RegenerateArtifact, { artifactId: brief.id })).toMatchObject({
      __typename: "EditsWouldBeLostError",
      sections: [{ type: "BRIEF", section: "targetUser" }],
    });
  });
});

test("changes tell section by section and item by item what people did", async () => {
  const { projectId, scope } = await written();
  const [count, order, suppliers] = SHOP_CONTENTS.MVP_SCOPE.coreFeatures as Record<string, unknown>[];
  const returns = { name: "Returns", description: "We take goods back from them.", priority: "LOW" };
  const payments = { name: "Payments", description: "Their customers pay by card.", priority: "LOW" };
  runner.next("MVP_SCOPE", async () => ({
    content: { ...markedContent("MVP_SCOPE", "v1"), coreFeatures: [count, order, suppliers, returns] },
    model: "scripted",
    usage: NO_USAGE,
  }));
  await founder.succeed(RegenerateArtifact, { artifactId: scope.id });
  await settled(founder, projectId);
  const ordered = { ...order, priority: "LOW" };
  await edit(scope.id, "outOfScope", ["We leave out the till."]);
  const { artifact } = await edit(scope.id, "coreFeatures", [suppliers, count, ordered, payments]);
  expect(artifact.changes).toEqual([
    {
      section: "coreFeatures",
      title: "Core features",
      kind: "CHANGED",
      before: [count, order, suppliers, returns],
      after: [suppliers, count, ordered, payments],
      items: [
        { kind: "MOVED", label: "Suppliers", fields: [], before: suppliers, after: suppliers },
        { kind: "CHANGED", label: "Order list", fields: ["priority"], before: order, after: ordered },
        { kind: "REMOVED", label: "Returns", fields: [], before: returns, after: null },
        { kind: "ADDED", label: "Payments", fields: [], before: null, after: payments },
      ],
    },
    expect.objectContaining({ section: "outOfScope", kind: "CHANGED", after: ["We leave out the till."] }),
  ]);
});

describe("staleSections", () => {
  /** All stale sections of a project, as "TYPE.section". */
  async function staleIn(projectId: string) {
    const { artifacts } = await documentsOf(founder, projectId);
    return artifacts.flatMap(({ type, staleSections }) =>
      staleSections.map((stale) => ({ name: `${type}.${stale.section}`, causes: stale.causes })),
    );
  }

  test("are exactly those that use what was edited, until it says again what it said", async () => {
    const { projectId } = await written();
    const project = await documentsOf(founder, projectId);
    const versions = Object.fromEntries(project.artifacts.map(({ type }) => [type, 1]));
    expect(await staleIn(projectId)).toEqual([]);
    for (const { type, key } of EACH_SECTION) {
      const { id } = pick(project, type);
      const was = markedSection(type, key, "v1");
      await edit(id, key, typeof was === "number" ? was + 1 : markedSection(type, key, "v2"));
      const currentVersion = (versions[type] ?? 0) + 1;
      const causes = [{ type, section: key, usedVersion: 1, currentVersion }];
      const expected = usersOf(type, key).map((name) => ({ name, causes }));
      expect(await staleIn(projectId), `${type}.${key}`).toEqual(expected);
      await edit(id, key, was);
      versions[type] = currentVersion + 1;
      expect(await staleIn(projectId)).toEqual([]);
    }
  });

  test("are up to date again when they are written anew or edited", async () => {
    const { projectId, brief, scope } = await written();
    await edit(brief.id, "valueProposition", "We promise less.");
    const names = async () => (await staleIn(projectId)).map(({ name }) => name);
    expect(await names()).toEqual([
      "MVP_SCOPE.coreFeatures",
      "MVP_SCOPE.successMetrics",
      "RISK_LOG.marketRisks",
    ]);
    await edit(scope.id, "successMetrics", ["We count less."]);
    expect(await names()).toEqual([
      "MVP_SCOPE.coreFeatures",
      "MILESTONES.riskMitigationTimeline",
      "RISK_LOG.marketRisks",
    ]);
    await edit(brief.id, "valueProposition", "We promise more.");
    const causes = [{ type: "BRIEF", section: "valueProposition", usedVersion: 2, currentVersion: 3 }];
    expect(await staleIn(projectId)).toContainEqual({ name: "MVP_SCOPE.successMetrics", causes });
    await edit(brief.id, "valueProposition", "We promise less.");
    await founder.succeed(RevertArtifact, { artifactId: scope.id });
    expect(await names()).toContain("MVP_SCOPE.successMetrics");
    await founder.succeed(RevertArtifact, { artifactId: scope.id });
    const risks = pick(await documentsOf(founder, projectId), "RISK_LOG").id;
    runner.next("RISK_LOG", async () => ({
      content: markedContent("RISK_LOG", "v1"),
      model: "scripted",
      usage: NO_USAGE,
    }));
    await founder.succeed(RegenerateArtifact, { artifactId: risks });
    await settled(founder, projectId);
    expect(await names()).toEqual(["MVP_SCOPE.coreFeatures", "MILESTONES.riskMitigationTimeline"]);
    await founder.succeed(GenerateArtifacts, { projectId, force: true });
    await settled(founder, projectId);
    expect(await names()).toEqual([]);
  });
});
