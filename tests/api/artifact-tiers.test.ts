import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { PLANS, type Plan } from "../../src/domain/account/plan.ts";
import { documentOf, sectionsOf } from "../../src/domain/artifact/documents.ts";
import { lockedSections, openSections } from "../../src/domain/artifact/tier.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../src/domain/artifact/type.ts";
import { useApp } from "../support/app.ts";
import { ScriptedRunner } from "../support/scripted-runner.ts";
import { SetPlanTier } from "./support/commands.ts";
import { AnnotateArtifact, EditArtifactSection, pick } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { CONTENT } from "./support/full-artifact.ts";
import { hasText, mark, markedSection, marksIn, openMarks, writeMarked } from "./support/marked-documents.ts";
import { Viewer } from "./support/queries.ts";
import { ask, DOCUMENT_PATHS, type Place, PROJECT_PATHS } from "./support/reading-paths.ts";

const lines: string[] = [];
const runner = new ScriptedRunner();
const app = useApp({ runner, log: pino({ level: "trace" }, { write: (line) => lines.push(line) }) });
const founder = new Founder(app);

/** Of each section the first text, a note and the second text: written anew by the model, or by people. */
const places: Record<string, Place> = {};
const REWRITTEN = "written anew";
const EDITED = "edited";

beforeAll(async () => {
  await setPlan("CTO_SCALE");
  const rewritten = await writtenOnce("Rewritten");
  await writeMarked(founder, runner, rewritten.projectId, "v2");
  const edited = await writtenOnce("Edited");
  // The last document first: each edit makes those behind it stale.
  for (const type of ARTIFACT_TYPES.toReversed()) {
    for (const [section] of sectionsOf(documentOf(type))) {
      const content = markedSection(type, section, "v2");
      await founder.succeed(EditArtifactSection, { artifactId: edited.artifactIds[type], section, content });
    }
  }
  places[REWRITTEN] = rewritten;
  places[EDITED] = edited;
}, 60_000);

async function setPlan(plan: Plan): Promise<void> {
  const { viewer } = await founder.read(Viewer, {});
  await founder.succeed(SetPlanTier, { userId: viewer.id, plan });
}

/** A project with the first texts, and a note beside each section. */
async function writtenOnce(name: string): Promise<Place> {
  const projectId = await founder.project(name);
  const project = await writeMarked(founder, runner, projectId, "v1");
  const artifactIds = Object.fromEntries(ARTIFACT_TYPES.map((type) => [type, pick(project, type).id]));
  for (const type of ARTIFACT_TYPES) {
    for (const [section] of sectionsOf(documentOf(type))) {
      const note = mark(type, section, "note");
      await founder.succeed(AnnotateArtifact, { artifactId: artifactIds[type] ?? "", section, note });
    }
  }
  return { url: app.url, projectId, artifactIds: artifactIds as Record<ArtifactType, string> };
}

function placeOf(name: string): Place {
  const place = places[name];
  if (!place) throw new Error(`There is no project whose documents were ${name}.`);
  return place;
}

interface Answer {
  readonly data: { readonly project: { readonly artifacts: readonly Record<string, unknown>[] } };
}

/** Fields of one document. */
async function fieldsOf(place: Place, type: ArtifactType, selection: string) {
  const query = `{ project(id: "${place.projectId}") { artifacts(types: [${type}]) { ${selection} } } }`;
  const { data } = JSON.parse(await ask(place.url, query)) as Answer;
  return data.project.artifacts[0] ?? {};
}

describe.each(PLANS)("on the plan %s", (plan) => {
  beforeAll(() => setPlan(plan));

  describe.each([REWRITTEN, EDITED])("of documents that were %s", (name) => {
    const ways = Object.entries(DOCUMENT_PATHS);
    test.each(
      ARTIFACT_TYPES.flatMap((type) => ways.map(([way, path]) => [type, way, path] as const)),
    )("%s shows exactly its open sections by %s", async (type, _way, { read, shows }) => {
      const seen = marksIn(await read(placeOf(name), type));
      expect(seen).toEqual(openMarks(plan, [type], shows));
    });

    test.each(Object.entries(PROJECT_PATHS))("%s shows exactly the open sections of all five", async (way, {
      read,
      shows,
    }) => {
      // The list of projects shows both of them, which say the same.
      const seen = marksIn(await read(placeOf(name)));
      expect(seen, way).toEqual(openMarks(plan, ARTIFACT_TYPES, shows));
    });

    test.each(
      ARTIFACT_TYPES,
    )("%s has null in the place of its closed sections, and names them", async (type) => {
      const document = documentOf(type);
      const open = openSections(document, plan);
      const place = placeOf(name);
      const selection = `content ${CONTENT} previousContent ${CONTENT} json lockedSections { section requiredTier }`;
      const fields = await fieldsOf(place, type, selection);
      for (const content of [fields.content, fields.previousContent] as Record<string, unknown>[]) {
        const { __typename, ...sections } = content;
        expect(__typename).toBe(document.typeName);
        const filled = Object.keys(sections).filter((key) => sections[key] !== null);
        expect(Object.keys(sections).toSorted()).toEqual(Object.keys(document.sections).toSorted());
        expect(filled.toSorted()).toEqual(open.toSorted());
      }
      expect(Object.keys(fields.json as object).toSorted()).toEqual(["_schema_version", ...open].toSorted());
      expect(fields.lockedSections).toEqual(lockedSections(document, plan));
    });

    test.each(
      ARTIFACT_TYPES,
    )("%s names only open sections as changed, edited, stale or annotated", async (type) => {
      const document = documentOf(type);
      const open = openSections(document, plan);
      const stale = open.filter((key) => (document.sections[key]?.uses.length ?? 0) > 0);
      const place = placeOf(name);
      const selection =
        "editedSections changes { section } annotations { section } staleSections { section }";
      const fields = await fieldsOf(place, type, selection);
      const named = (list: unknown) => (list as { section: string }[]).map(({ section }) => section);
      // What is no text says the same in both editions: writing it again is no edit.
      expect(fields.editedSections).toEqual(name === EDITED ? open.filter((key) => hasText(type, key)) : []);
      expect(named(fields.changes)).toEqual(open.filter((key) => hasText(type, key)));
      expect(named(fields.annotations)).toEqual(open);
      // What is no text says the same in both editions: whatever was made from nothing else is up to date.
      const dueToText = stale.filter((key) =>
        document.sections[key]?.uses.some((ref) => {
          const [source, section] = ref.split(".") as [ArtifactType, string];
          return hasText(source, section);
        }),
      );
      expect(named(fields.staleSections)).toEqual(name === EDITED ? dueToText : []);
    });

    test.each(
      ARTIFACT_TYPES,
    )("%s lists no note beside a closed section that is asked for by name", async (type) => {
      for (const [section] of sectionsOf(documentOf(type))) {
        const fields = await fieldsOf(placeOf(name), type, `annotations(section: "${section}") { note }`);
        const isOpen = openSections(documentOf(type), plan).includes(section);
        expect(fields.annotations).toEqual(isOpen ? [{ note: mark(type, section, "note") }] : []);
      }
    });
  });
});

test("a larger plan reveals sections at once, and a smaller one hides them at once", async () => {
  const place = placeOf(REWRITTEN);
  const read = PROJECT_PATHS["project.artifacts"]?.read;
  for (const plan of [
    "BOOTSTRAPPER",
    "CTO_SCALE",
    "PARTNER",
    "BOOTSTRAPPER",
    "PARTNER",
    "CTO_SCALE",
  ] as const) {
    await setPlan(plan);
    expect(marksIn((await read?.(place)) ?? "")).toEqual(
      openMarks(plan, ARTIFACT_TYPES, ["v1", "v2", "note"]),
    );
  }
});

test("no line of the server's log holds what a section or a note says", () => {
  expect(lines.length).toBeGreaterThan(500);
  expect(marksIn(lines.join("\n"))).toEqual([]);
});
