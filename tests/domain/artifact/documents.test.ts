import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  DOCUMENTS,
  documentOf,
  parseRef,
  sectionOf,
  sectionsOf,
} from "../../../src/domain/artifact/documents.ts";
import { SECTION_TIERS } from "../../../src/domain/artifact/section.ts";
import { ARTIFACT_TYPES, upstreamOf } from "../../../src/domain/artifact/type.ts";
import { EACH_DOCUMENT, EACH_SECTION } from "./sample-content.ts";

const isText = (schema: unknown) => schema instanceof z.ZodString && (schema.maxLength ?? Infinity) < 10_000;
const isWholeNumber = (schema: unknown) =>
  schema instanceof z.ZodNumber && (schema.format === "safeint" || schema.format === "int32");
const isListOf = (isItem: (schema: unknown) => boolean) => (schema: unknown) =>
  schema instanceof z.ZodArray && isItem(schema.element);
const isItem = (schema: unknown) =>
  schema instanceof z.ZodObject && Object.values(schema.shape).every((field) => isField(field));
const isField = (schema: unknown) =>
  [isText, isWholeNumber, isListOf(isText), (each: unknown) => each instanceof z.ZodEnum].some((is) =>
    is(schema),
  );

/** The kinds of sections, each with what recognises it. */
const KINDS = {
  text: isText,
  number: isWholeNumber,
  texts: isListOf(isText),
  items: isListOf(isItem),
};

/** The sections that were agreed on, with their kinds: others may join them. */
const AGREED = {
  BRIEF: {
    CORE: {
      problemStatement: "text",
      targetUser: "text",
      valueProposition: "text",
      keyConstraint: "text",
      differentiationPoints: "texts",
    },
    BUSINESS: { marketAnalysis: "text" },
    STRATEGIC: { competitiveStrategy: "text" },
  },
  MVP_SCOPE: {
    CORE: { coreFeatures: "items", outOfScope: "texts", successMetrics: "texts" },
    BUSINESS: { technicalArchitecture: "text" },
    STRATEGIC: { scalabilityPlan: "text" },
  },
  MILESTONES: {
    CORE: { milestones: "items", criticalPath: "texts", totalDurationWeeks: "number" },
    BUSINESS: { resourcePlan: "text" },
    STRATEGIC: { riskMitigationTimeline: "text" },
  },
  RISK_LOG: {
    CORE: { technicalRisks: "items", marketRisks: "items", executionRisks: "items" },
    BUSINESS: { financialRisks: "items" },
    STRATEGIC: { strategicRisks: "items" },
  },
  HOW_IT_WORKS: {
    CORE: { userJourney: "items", architecture: "text", dataFlow: "text" },
    BUSINESS: { integrationPoints: "text" },
    STRATEGIC: { securityCompliance: "text" },
  },
} as const;

const AGREED_SECTIONS = ARTIFACT_TYPES.flatMap((type) =>
  SECTION_TIERS.flatMap((tier) =>
    Object.entries<keyof typeof KINDS>(AGREED[type][tier]).map(([key, kind]) => ({
      name: `${type}.${key}`,
      type,
      tier,
      key,
      kind,
    })),
  ),
);

const RISK_FIELDS = ["title", "description", "severity", "mitigation"];
const AGREED_FIELDS = [
  { name: "MVP_SCOPE.coreFeatures", fields: ["name", "description", "priority"] },
  {
    name: "MILESTONES.milestones",
    fields: ["title", "description", "successCriteria", "estimatedWeeks"],
  },
  { name: "RISK_LOG.technicalRisks", fields: RISK_FIELDS },
  { name: "RISK_LOG.marketRisks", fields: RISK_FIELDS },
  { name: "RISK_LOG.executionRisks", fields: RISK_FIELDS },
  { name: "RISK_LOG.financialRisks", fields: RISK_FIELDS },
  { name: "RISK_LOG.strategicRisks", fields: RISK_FIELDS },
  { name: "HOW_IT_WORKS.userJourney", fields: ["stepNumber", "title", "description"] },
] as const;

const repeated = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

describe("the documents", () => {
  test("are five, in the order of the chain", () => {
    expect(ARTIFACT_TYPES).toEqual(["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG", "HOW_IT_WORKS"]);
    expect(Object.keys(DOCUMENTS)).toEqual(ARTIFACT_TYPES);
    expect(ARTIFACT_TYPES.map((type) => documentOf(type).type)).toEqual(ARTIFACT_TYPES);
  });

  test.each([
    ["BRIEF", []],
    ["MVP_SCOPE", ["BRIEF"]],
    ["MILESTONES", ["BRIEF", "MVP_SCOPE"]],
    ["RISK_LOG", ["BRIEF", "MVP_SCOPE", "MILESTONES"]],
    ["HOW_IT_WORKS", ["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG"]],
  ] as const)("%s comes after %j", (type, earlier) => {
    expect(upstreamOf(type)).toEqual(earlier);
  });

  test.each([
    ["titles", ({ title }: (typeof EACH_DOCUMENT)[number]["document"]) => title],
    ["GraphQL types", ({ typeName }: (typeof EACH_DOCUMENT)[number]["document"]) => typeName],
  ])("have %s of their own", (_, nameOf) => {
    const names = EACH_DOCUMENT.map(({ document }) => nameOf(document));
    expect(repeated(names)).toEqual([]);
    expect(names).not.toContain("");
  });

  test.each(EACH_DOCUMENT)("$type describes itself in words of ours", ({ document }) => {
    expect(document.description).toMatch(/\b(we|our|us)\b/i);
  });

  test.each(EACH_DOCUMENT)("$type has no section title twice", ({ document }) => {
    expect(repeated(sectionsOf(document).map(([, { title }]) => title))).toEqual([]);
  });
});

describe("the section", () => {
  test.each(EACH_SECTION)("$name has a title, and a description in words of ours", ({ section }) => {
    expect(section.title).toMatch(/\S/);
    expect(section.description).toMatch(/\b(we|our|us)\b/i);
  });

  test.each(EACH_SECTION)("$name is text, texts, a whole number or items of these", ({ section }) => {
    const kinds = Object.entries(KINDS).filter(([, is]) => is(section.schema));
    expect(kinds).toHaveLength(1);
  });

  test.each(EACH_SECTION)("$name has a key that no object has by itself", ({ key }) => {
    expect(key).toMatch(/^[a-z][A-Za-z]*$/);
    expect(key in {}).toBe(false);
  });
});

describe("a reference", () => {
  const references = EACH_SECTION.flatMap(({ name, type, section }) =>
    section.uses.map((ref) => ({ name, type, section, ref, target: parseRef(ref) })),
  );

  test("there is in every document but the first", () => {
    expect([...new Set(references.map(({ type }) => type))]).toEqual(ARTIFACT_TYPES.slice(1));
  });

  test.each(references)("$ref of $name names a section of an earlier document", ({ type, target }) => {
    expect(upstreamOf(type)).toContain(target.type);
    expect(Object.keys(documentOf(target.type).sections)).toContain(target.section);
  });

  test.each(references)("$ref of $name is open wherever $name is", ({ section, target }) => {
    const used = sectionOf(documentOf(target.type), target.section);
    expect(SECTION_TIERS.indexOf(used?.tier ?? "STRATEGIC")).toBeLessThanOrEqual(
      SECTION_TIERS.indexOf(section.tier),
    );
    expect(used).toBeDefined();
  });

  test.each(EACH_SECTION)("stands only once in $name", ({ section }) => {
    expect(repeated(section.uses)).toEqual([]);
  });
});

describe("what was agreed on", () => {
  test.each(AGREED_SECTIONS)("$name is a $tier section of the kind $kind", ({ type, tier, key, kind }) => {
    const section = sectionOf(documentOf(type), key);
    expect(section?.tier).toBe(tier);
    expect(KINDS[kind](section?.schema)).toBe(true);
  });

  test.each(AGREED_FIELDS)("the items of $name have $fields", ({ name, fields }) => {
    const { type, section } = parseRef(name);
    const schema = sectionOf(documentOf(type), section)?.schema;
    const item = schema instanceof z.ZodArray ? schema.element : undefined;
    expect(Object.keys(item instanceof z.ZodObject ? item.shape : {})).toEqual(
      expect.arrayContaining([...fields]),
    );
  });
});

describe("sectionOf", () => {
  test.each([
    "constructor",
    "__proto__",
    "toString",
    "problem",
    "",
    "problemStatement ",
  ])("finds nothing by the name %j", (key) => {
    expect(sectionOf(documentOf("BRIEF"), key)).toBeUndefined();
  });
});
