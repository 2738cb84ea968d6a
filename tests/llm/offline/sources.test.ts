import { describe, expect, test } from "vitest";
import { checkContent, type StoredContent } from "../../../src/domain/artifact/content.ts";
import { DOCUMENTS, parseRef, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import type { SectionRef } from "../../../src/domain/artifact/section.ts";
import { ARTIFACT_TYPES, type ArtifactType, upstreamOf } from "../../../src/domain/artifact/type.ts";
import { readSources } from "../../../src/llm/offline/sources.ts";
import { writeDocument } from "../../../src/llm/offline/write-document.ts";
import { contentsOf, DEMO_PROJECT, PROJECTS, writeAll } from "../support/offline.ts";

/** The same content with other words, still of its kind; text keeps no word of what it was. */
function edited(value: StoredContent[string]): StoredContent[string] {
  if (typeof value === "string") return "Zebras wish for quieter evenings.";
  if (typeof value === "number") return value + 7;
  // Longer too: some sections use only how many there are.
  if (Array.isArray(value)) return [...value, ...value].map(edited);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      /priority|severity/.test(key) || field === undefined ? (field ?? null) : edited(field),
    ]),
  );
}

function edit(documents: Readonly<Record<ArtifactType, StoredContent>>, ref: SectionRef) {
  const { type, section } = parseRef(ref);
  const content = documents[type];
  return { ...documents, [type]: { ...content, [section]: edited(content[section] ?? null) } };
}

const sections = ARTIFACT_TYPES.flatMap((type) =>
  sectionsOf(DOCUMENTS[type]).map(([key, { uses }]) => ({ type, key, uses })),
);
const refs = sections.map(({ type, key }): SectionRef => `${type}.${key}`);

describe("an edit by a person", () => {
  const documents = writeAll(DEMO_PROJECT);
  const writtenFrom = (context: typeof documents, type: ArtifactType, key: string) =>
    JSON.stringify(writeDocument(DOCUMENTS[type], { ...DEMO_PROJECT, documents: context })[key]);

  test.each(
    sections.flatMap(({ type, key, uses }) => uses.map((ref) => [ref, `${type}.${key}`, type, key] as const)),
  )("of %s shows in %s, which is written from it", (ref, _, type, key) => {
    expect(writtenFrom(edit(documents, ref), type, key)).not.toBe(writtenFrom(documents, type, key));
  });

  test.each(sections)("of a section that $type.$key does not declare changes nothing in it", ({
    type,
    key,
    uses,
  }) => {
    const others = refs.filter((ref) => !uses.includes(ref));
    const changed = others.reduce(edit, documents);
    expect(writtenFrom(changed, type, key)).toBe(writtenFrom(documents, type, key));
  });

  test("of the value proposition is quoted in the MVP scope", () => {
    const valueProposition = "We count while you sell. Nobody stays late for it.";
    const after = contentsOf(writeAll(DEMO_PROJECT, { BRIEF: { valueProposition } }));
    expect(after.MVP_SCOPE.coreFeatures[0]?.description).toContain(valueProposition);
    expect(after.MVP_SCOPE.successMetrics[0]).toContain(valueProposition);
    expect(after.RISK_LOG.marketRisks[1]?.description).toContain(valueProposition);
  });

  test("of the target user is who the features and the journey speak of", () => {
    const after = contentsOf(
      writeAll(DEMO_PROJECT, {
        BRIEF: { targetUser: "We build for bakeries in villages. They open at five." },
      }),
    );
    expect(after.MVP_SCOPE.coreFeatures[0]?.description).toContain("Bakeries scan a shelf with a phone.");
    expect(after.HOW_IT_WORKS.userJourney[0]?.description).toContain("bakeries");
  });

  test("of the features goes on by name into the milestones, the risks and how it works", () => {
    const coreFeatures = [
      { name: "Parrot mode", description: "It says what is missing.", priority: "LOW" },
      { name: "Night watch", description: "It counts while we sleep.", priority: "HIGH" },
    ];
    const { MILESTONES, RISK_LOG, HOW_IT_WORKS } = contentsOf(
      writeAll(DEMO_PROJECT, { MVP_SCOPE: { coreFeatures } }),
    );
    expect(MILESTONES.milestones.map(({ title }) => title)).toEqual([
      expect.stringMatching(/: Night watch$/),
      "Core loop: Parrot mode",
      "First release: Parrot mode",
      "Pilot with five shop owners",
    ]);
    expect(RISK_LOG.technicalRisks[1]?.description).toContain("Night watch");
    expect(HOW_IT_WORKS.architecture).toContain("Parrot mode: it says what is missing.");
  });

  test("to the longest that is allowed still lets everything fit", () => {
    const long = {
      BRIEF: {
        valueProposition: "w".repeat(8_000),
        targetUser: "For zebras ".repeat(700),
        keyConstraint: "“”".repeat(4_000),
        problemStatement: "Why. ".repeat(1_600),
      },
      MVP_SCOPE: {
        coreFeatures: Array.from({ length: 30 }, (_, index) => ({
          name: `${index} ${"n".repeat(190)}`,
          description: "d".repeat(500),
          priority: "HIGH",
        })),
      },
    } satisfies Partial<Record<ArtifactType, StoredContent>>;
    for (const project of PROJECTS) {
      const { milestones } = contentsOf(writeAll(project, long)).MILESTONES;
      for (const { description } of milestones) expect(description).toMatch(/\d+ n{190}/);
    }
  });

  test("that empties what comes before leaves each document able to stand alone", () => {
    for (const type of ARTIFACT_TYPES) {
      const content = writeDocument(DOCUMENTS[type], { ...DEMO_PROJECT, documents: {} });
      expect(checkContent(DOCUMENTS[type], content)).toHaveProperty("content");
    }
  });
});

describe("the sources of a section", () => {
  const documents = writeAll(DEMO_PROJECT);

  test("are those that it declares, and no other can be read", () => {
    const sources = readSources({ uses: ["BRIEF.valueProposition"] }, documents);
    expect(sources.text("BRIEF.valueProposition")).toBe(documents.BRIEF.valueProposition);
    expect(sources.text("BRIEF.targetUser")).toBeUndefined();
    expect(sources.objects("MVP_SCOPE.coreFeatures")).toBeUndefined();
    expect(sources.texts("BRIEF.differentiationPoints")).toBeUndefined();
    expect(sources.number("MILESTONES.totalDurationWeeks")).toBeUndefined();
    expect(sources.all()).toEqual([documents.BRIEF.valueProposition]);
  });

  test("of the chain come before it", () => {
    for (const { type, uses } of sections) {
      for (const ref of uses) expect(upstreamOf(type)).toContain(parseRef(ref).type);
    }
  });
});
