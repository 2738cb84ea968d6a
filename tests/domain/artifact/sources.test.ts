import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { StoredContent } from "../../../src/domain/artifact/content.ts";
import { documentOf } from "../../../src/domain/artifact/documents.ts";
import {
  business,
  core,
  type DocumentDefinition,
  type SectionRef,
  strategic,
} from "../../../src/domain/artifact/section.ts";
import {
  allSourcesNow,
  type SectionSources,
  sourcesNow,
  staleSections,
  type Upstream,
} from "../../../src/domain/artifact/sources.ts";
import { ARTIFACT_TYPES, type ArtifactType, upstreamOf } from "../../../src/domain/artifact/type.ts";
import { EACH_SECTION, sampleContent } from "./sample-content.ts";

/** The documents before one, complete, BRIEF in version 11, MVP_SCOPE in 12 and so on. */
function upstream(type: ArtifactType): Upstream {
  const entries = upstreamOf(type).map((each) => [each, sampleContent(documentOf(each))] as const);
  return {
    documents: Object.fromEntries(entries),
    versions: Object.fromEntries(entries.map(([each]) => [each, 11 + ARTIFACT_TYPES.indexOf(each)])),
  };
}

/** The same with a section of one of them changed, which is a version more. */
function changed({ documents, versions }: Upstream, type: ArtifactType, content: StoredContent): Upstream {
  return {
    documents: { ...documents, [type]: { ...documents[type], ...content } },
    versions: { ...versions, [type]: (versions[type] ?? 0) + 1 },
  };
}

function without({ documents, versions }: Upstream, type: ArtifactType): Upstream {
  const { [type]: _, ...restOfDocuments } = documents;
  const { [type]: __, ...restOfVersions } = versions;
  return { documents: restOfDocuments, versions: restOfVersions };
}

const usersOf = (document: DocumentDefinition, ref: SectionRef) =>
  Object.keys(document.sections).filter((key) => document.sections[key]?.uses.includes(ref));

/** Every document with every section that could change before it. */
const CHANGES = ARTIFACT_TYPES.flatMap((type) =>
  EACH_SECTION.filter((each) => upstreamOf(type).includes(each.type)).map(({ name, type: of, key }) => ({
    type,
    document: documentOf(type),
    ref: name as SectionRef,
    of,
    key,
  })),
);

describe("sourcesNow", () => {
  test.each(EACH_SECTION)("of $name are the sections that it uses, with their versions", ({
    type,
    section,
  }) => {
    const found = sourcesNow(section, upstream(type));
    expect(found.map((source) => `${source.type}.${source.section}`)).toEqual(section.uses);
    for (const { type: of, version, hash } of found) {
      expect(version).toBe(11 + ARTIFACT_TYPES.indexOf(of));
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test("leave out what is not there", () => {
    const section = { uses: ["BRIEF.targetUser", "BRIEF.gone", "MVP_SCOPE.coreFeatures"] } as const;
    const found = sourcesNow(section, { documents: { BRIEF: { targetUser: "We" } }, versions: { BRIEF: 3 } });
    expect(found).toEqual([{ type: "BRIEF", section: "targetUser", version: 3, hash: expect.any(String) }]);
  });

  test("tell texts apart, and do not mind the order of an item's fields", () => {
    const hashOf = (value: StoredContent[string]) =>
      sourcesNow(
        { uses: ["BRIEF.targetUser"] },
        { documents: { BRIEF: { targetUser: value } }, versions: {} },
      );
    expect(hashOf([{ a: 1, b: 2 }])).toEqual(hashOf([{ b: 2, a: 1 }]));
    expect(hashOf([{ a: 1 }, { a: 2 }])).not.toEqual(hashOf([{ a: 2 }, { a: 1 }]));
    expect(hashOf("text")).not.toEqual(hashOf(["text"]));
  });
});

describe("staleSections", () => {
  test.each(ARTIFACT_TYPES)("finds nothing in a %s that was just made", (type) => {
    const before = upstream(type);
    const sources = allSourcesNow(documentOf(type), before);
    expect(Object.keys(sources)).toEqual(Object.keys(documentOf(type).sections));
    expect(staleSections(documentOf(type), sources, before)).toEqual([]);
  });

  test.each(CHANGES)("names in $type exactly the sections that used $ref when it changes", (change) => {
    const { type, document, ref, of, key } = change;
    const before = upstream(type);
    const after = changed(before, of, { [key]: "We say something else now" });
    const version = 11 + ARTIFACT_TYPES.indexOf(of);
    expect(staleSections(document, allSourcesNow(document, before), after)).toEqual(
      usersOf(document, ref).map((section) => ({
        section,
        causes: [{ type: of, section: key, usedVersion: version, currentVersion: version + 1 }],
      })),
    );
  });

  test.each(CHANGES)("finds nothing in $type once $ref says the same again", ({
    type,
    document,
    of,
    key,
  }) => {
    const before = upstream(type);
    const sources = allSourcesNow(document, before);
    const original = before.documents[of]?.[key];
    const there = changed(before, of, { [key]: "We say something else now" });
    const back = changed(there, of, original === undefined ? {} : { [key]: structuredClone(original) });
    expect(back.versions[of]).toBe((before.versions[of] ?? 0) + 2);
    expect(staleSections(document, sources, back)).toEqual([]);
  });

  test("names every cause, in the order in which the section uses them", () => {
    const document = documentOf("RISK_LOG");
    const before = upstream("RISK_LOG");
    const after = changed(
      changed(changed(before, "MILESTONES", { milestones: [] }), "BRIEF", { valueProposition: "We promise" }),
      "BRIEF",
      { targetUser: "We" },
    );
    const stale = staleSections(document, allSourcesNow(document, before), after);
    expect(stale.find(({ section }) => section === "marketRisks")?.causes).toEqual([
      { type: "BRIEF", section: "targetUser", usedVersion: 11, currentVersion: 13 },
      { type: "BRIEF", section: "valueProposition", usedVersion: 11, currentVersion: 13 },
      { type: "MILESTONES", section: "milestones", usedVersion: 13, currentVersion: 14 },
    ]);
  });

  test("takes a section that was edited for made from what it uses now, and no other", () => {
    const document = documentOf("HOW_IT_WORKS");
    const before = upstream("HOW_IT_WORKS");
    const after = changed(before, "MVP_SCOPE", { coreFeatures: [] });
    const dataFlow = sourcesNow(document.sections.dataFlow ?? { uses: [] }, after);
    const sources = { ...allSourcesNow(document, before), dataFlow };
    expect(staleSections(document, sources, after).map(({ section }) => section)).toEqual([
      "userJourney",
      "architecture",
    ]);
  });

  test("names those that used a document which is not there any more", () => {
    const document = documentOf("MVP_SCOPE");
    const sources = allSourcesNow(document, upstream("MVP_SCOPE"));
    const stale = staleSections(document, sources, without(upstream("MVP_SCOPE"), "BRIEF"));
    expect(stale.map(({ section }) => section)).toEqual(Object.keys(document.sections));
    expect(stale[2]?.causes).toEqual([
      { type: "BRIEF", section: "valueProposition", usedVersion: 11, currentVersion: 0 },
    ]);
  });

  test("is reached by a document that was not there when it was made", () => {
    const document = documentOf("MVP_SCOPE");
    const sources = allSourcesNow(document, { documents: {}, versions: {} });
    const stale = staleSections(document, sources, upstream("MVP_SCOPE"));
    expect(stale.map(({ section }) => section)).toEqual(Object.keys(document.sections));
    for (const { causes } of stale) {
      for (const cause of causes)
        expect(cause).toMatchObject({ type: "BRIEF", usedVersion: 0, currentVersion: 11 });
    }
  });
});

describe("staleSections after the definition has changed", () => {
  const section = (key: string, uses: readonly SectionRef[]) => ({
    title: key,
    description: "Ours.",
    schema: z.string(),
    uses,
  });
  const document: DocumentDefinition = {
    ...documentOf("MVP_SCOPE"),
    sections: {
      kept: core(section("kept", ["BRIEF.a", "BRIEF.b"])),
      narrowed: business(section("narrowed", ["BRIEF.b"])),
      added: strategic(section("added", ["BRIEF.a"])),
    },
  };
  const used = (name: string) =>
    ({ type: "BRIEF", section: name, version: 1, hash: "0".repeat(64) }) as const;
  const now: Upstream = { documents: { BRIEF: { a: "new", b: "new" } }, versions: { BRIEF: 2 } };
  const cause = (name: string) => ({ type: "BRIEF", section: name, usedVersion: 1, currentVersion: 2 });

  test("ignores what a section does not use any more, and sections that are no more", () => {
    const sources: SectionSources = {
      kept: [used("a"), used("b")],
      narrowed: [used("a")],
      removed: [used("a")],
    };
    expect(staleSections(document, sources, now)).toEqual([
      { section: "kept", causes: [cause("a"), cause("b")] },
      { section: "narrowed", causes: [{ ...cause("b"), usedVersion: 0 }] },
      { section: "added", causes: [{ ...cause("a"), usedVersion: 0 }] },
    ]);
  });

  test("finds nothing in a section whose sources are not there, and was made without them", () => {
    expect(staleSections(document, {}, { documents: {}, versions: {} })).toEqual([]);
  });

  test("does not take what every object has for a section's sources", () => {
    const odd: DocumentDefinition = {
      ...document,
      sections: { constructor: core(section("constructor", ["BRIEF.a"])) },
    };
    expect(staleSections(odd, {}, now)).toEqual([
      { section: "constructor", causes: [{ ...cause("a"), usedVersion: 0 }] },
    ]);
  });
});
