import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkContent } from "../../../src/domain/artifact/content.ts";
import { documentOf } from "../../../src/domain/artifact/documents.ts";
import type { DocumentDefinition } from "../../../src/domain/artifact/section.ts";
import { EACH_DOCUMENT, EACH_SECTION, sampleContent, sampleOf } from "./sample-content.ts";

const isList = (schema: unknown) => schema instanceof z.ZodArray;
const isText = (schema: unknown) => schema instanceof z.ZodString;
const isNumber = (schema: unknown) => schema instanceof z.ZodNumber;
const isListOfTexts = (schema: unknown) => schema instanceof z.ZodArray && isText(schema.element);
const LISTS = EACH_SECTION.filter(({ section }) => isList(section.schema));
const TEXTS = EACH_SECTION.filter(({ section }) => isText(section.schema));
const LISTS_OF_TEXTS = EACH_SECTION.filter(({ section }) => isListOfTexts(section.schema));
const LISTS_OF_ITEMS = LISTS.filter(({ section }) => !isListOfTexts(section.schema));

function problemsOf(document: DocumentDefinition, content: unknown): readonly string[] {
  const checked = checkContent(document, content);
  return "problems" in checked ? checked.problems : [];
}

/** What is wrong with complete content in which one section is another. */
function problemsWith(document: DocumentDefinition, key: string, value: unknown): readonly string[] {
  return problemsOf(document, { ...sampleContent(document), [key]: value });
}

const only = (problem: string) => [expect.stringContaining(problem)];

describe("checkContent accepts", () => {
  test.each(EACH_DOCUMENT)("a complete $type, and stamps the version of its shape", ({ document }) => {
    const content = sampleContent(document);
    expect(checkContent(document, content)).toEqual({ content: { ...content, _schema_version: 1 } });
  });

  test("30 of a list, texts at their limit, and white space at their ends, which it takes away", () => {
    const content = {
      ...sampleContent(documentOf("BRIEF")),
      problemStatement: "p".repeat(8_000),
      targetUser: "  Our users\n",
      differentiationPoints: Array.from({ length: 30 }, () => "d".repeat(500)),
    };
    expect(checkContent(documentOf("BRIEF"), content)).toEqual({
      content: { ...content, targetUser: "Our users", _schema_version: 1 },
    });
  });
});

describe("checkContent refuses", () => {
  test.each(EACH_SECTION)("content without $name, naming nothing else", ({ document, key }) => {
    const { [key]: _, ...rest } = sampleContent(document);
    expect(problemsOf(document, rest)).toEqual([expect.stringMatching(new RegExp(`^${key}: `))]);
  });

  test.each(
    [null, true, {}, { length: 1 }, Number.NaN, -1, 1.5, "", " \n", [], [[]], [null], [{}], [1]].map(
      (value) => ({
        value,
        shown: typeof value === "number" ? String(value) : JSON.stringify(value),
      }),
    ),
  )("$shown, whatever the section", ({ value }) => {
    const accepting = EACH_SECTION.filter(
      ({ document, key }) => problemsWith(document, key, value).length === 0,
    );
    expect(accepting).toEqual([]);
  });

  test.each([
    ["a text", "text", isText],
    ["a whole number", 3, isNumber],
    ["texts", ["text"], isListOfTexts],
  ])("%s in all sections that are not of that kind", (_, value, isKind) => {
    const accepting = EACH_SECTION.filter(
      ({ document, key }) => problemsWith(document, key, value).length === 0,
    );
    expect(accepting.length).toBeGreaterThan(0);
    expect(accepting).toEqual(EACH_SECTION.filter(({ section }) => isKind(section.schema)));
  });

  test.each([null, undefined, "text", 7, true, []])("%j in place of the content", (content) => {
    expect(problemsOf(documentOf("BRIEF"), content)).toEqual([
      expect.stringMatching(/^content: Invalid input: expected object/),
    ]);
  });

  test.each([
    "summary",
    "_schema_version",
    "constructor",
    "__proto__",
    "ProblemStatement",
  ])("a section that the document does not have: %s", (key) => {
    const content = Object.fromEntries([
      ...Object.entries(sampleContent(documentOf("BRIEF"))),
      [key, "Our summary"],
    ]);
    expect(problemsOf(documentOf("BRIEF"), content)).toEqual([expect.stringMatching(/^content: /)]);
  });

  test.each(LISTS)("an empty $name, and one of 31", ({ document, key, section }) => {
    const [item] = sampleOf(section.schema, "Ours") as unknown[];
    expect(problemsWith(document, key, [])).toEqual([`${key}: must not be empty`]);
    expect(
      problemsWith(
        document,
        key,
        Array.from({ length: 31 }, () => item),
      ),
    ).toEqual([`${key}: must not be more than 30`]);
  });

  test.each(LISTS_OF_ITEMS)("items of $name with a field missing or one too many", ({
    document,
    key,
    section,
  }) => {
    const [item] = sampleOf(section.schema, "Ours") as Record<string, unknown>[];
    for (const field of Object.keys(item ?? {})) {
      const { [field]: _, ...rest } = item ?? {};
      expect(problemsWith(document, key, [item, rest])).toEqual(only(`${key}.1.${field}: `));
    }
    expect(problemsWith(document, key, [{ ...item, more: "text" }])).toEqual(only(`${key}.0: `));
  });

  test.each(TEXTS)("a $name of 8,001 characters", ({ document, key }) => {
    expect(problemsWith(document, key, "x".repeat(8_001))).toEqual([
      `${key}: must not be longer than 8,000 characters`,
    ]);
  });

  test.each(LISTS_OF_TEXTS)("a line of $name of 501 characters", ({ document, key }) => {
    expect(problemsWith(document, key, ["short", "x".repeat(501)])).toEqual([
      `${key}.1: must not be longer than 500 characters`,
    ]);
  });

  test.each([
    ["NUL", "a\u0000b"],
    ["half of a surrogate pair", "a\ud800b"],
  ])("%s anywhere in it", (_, text) => {
    for (const { document, key, section, name } of EACH_SECTION) {
      const value = sampleOf(section.schema, text);
      if (typeof value === "number") continue;
      const problems = problemsWith(document, key, value);
      expect(problems, name).not.toEqual([]);
      for (const problem of problems) expect(problem).toMatch(/must not hold NUL characters or unpaired/);
    }
  });

  test.each([
    ["MVP_SCOPE", "coreFeatures", "priority", "URGENT"],
    ["MVP_SCOPE", "coreFeatures", "priority", "high"],
    ["RISK_LOG", "technicalRisks", "severity", "CRITICAL"],
    ["MILESTONES", "milestones", "estimatedWeeks", 0],
    ["MILESTONES", "milestones", "estimatedWeeks", 261],
    ["MILESTONES", "milestones", "estimatedWeeks", 1.5],
    ["MILESTONES", "milestones", "successCriteria", []],
    ["HOW_IT_WORKS", "userJourney", "stepNumber", 0],
  ] as const)("in %s.%s the %s %j", (type, key, field, value) => {
    const document = documentOf(type);
    const [item] = sampleContent(document)[key] as Record<string, unknown>[];
    expect(problemsWith(document, key, [{ ...item, [field]: value }])).toEqual(only(`${key}.0.${field}: `));
  });

  test("a plan of 0 weeks and one of more than five years", () => {
    const problems = [0, 261].map((weeks) =>
      problemsWith(documentOf("MILESTONES"), "totalDurationWeeks", weeks),
    );
    expect(problems).toEqual([
      ["totalDurationWeeks: must be at least 1 week"],
      ["totalDurationWeeks: must be at most 260 weeks"],
    ]);
  });

  test("everything that is wrong at once", () => {
    const content = { ...sampleContent(documentOf("BRIEF")), targetUser: 1, keyConstraint: "", more: 2 };
    expect(problemsOf(documentOf("BRIEF"), content)).toEqual([
      expect.stringMatching(/^targetUser: /),
      "keyConstraint: must not be empty",
      expect.stringMatching(/^content: /),
    ]);
  });
});

describe("the problems", () => {
  const SECRET = "xyzzy";
  const anyText = fc.string().map((text) => `${text}${SECRET}`);
  const secret = anyText.map((text) => (text.length % 3 === 0 ? text.repeat(2_000) : text));
  /** JSON of any form, all of whose texts, and the names of whose fields, hold the secret. */
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      secret,
      fc.constantFrom<unknown>(null, true, 1.5, -1),
      fc.array(tie("json"), { maxLength: 32 }),
      fc.dictionary(anyText, tie("json"), { maxKeys: 4 }),
    ),
  }));
  const known = EACH_SECTION.map(({ type, key }) => ({ type, key }));
  const broken = fc.record({
    at: fc.constantFrom(...known),
    value: json,
    more: fc.dictionary(anyText, json, { maxKeys: 2 }),
  });

  test("name the place and never hold what was written, whatever that is", () => {
    let refused = 0;
    fc.assert(
      fc.property(broken, ({ at, value, more }) => {
        const document = documentOf(at.type);
        const problems = problemsOf(document, { ...sampleContent(document), [at.key]: value, ...more });
        refused += problems.length;
        for (const problem of problems) {
          expect(problem).not.toContain(SECRET);
          expect(problem).toMatch(new RegExp(`^(${at.key}[\\w.]*|content): .{5,200}$`));
        }
      }),
    );
    expect(refused).toBeGreaterThan(50);
  });

  test("do not hold the text of an item's field that is wrong", () => {
    const [item] = sampleContent(documentOf("MVP_SCOPE")).coreFeatures as Record<string, unknown>[];
    const features = [{ ...item, priority: SECRET, name: `${SECRET}\u0000`, [SECRET]: SECRET }];
    const problems = problemsWith(documentOf("MVP_SCOPE"), "coreFeatures", features);
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain(SECRET);
  });
});
