import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DOCUMENTS, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import { ARTIFACT_TYPES } from "../../../src/domain/artifact/type.ts";
import { contentsOf, DEMO_PROJECT, PROJECTS, projectOf, textsWithin, writeAll } from "../support/offline.ts";

const named = PROJECTS.map((project) => [project.project.name, project] as const);

describe("the documents of", () => {
  test.each(named)("%s fit, and are the same when they are written again", (_, project) => {
    expect(writeAll(project)).toEqual(writeAll(project));
  });

  test.each(named)("%s speak as we, section by section", (_, project) => {
    const documents = writeAll(project);
    const silent = ARTIFACT_TYPES.flatMap((type) =>
      sectionsOf(DOCUMENTS[type]).flatMap(([key]) => {
        const texts = textsWithin(documents[type][key]);
        return texts.length > 0 && !texts.some((text) => /\b(?:we|our|us)\b/i.test(text))
          ? [`${type}.${key}`]
          : [];
      }),
    );
    expect(silent).toEqual([]);
  });

  test.each(named)("%s have no holes in their sentences", (_, project) => {
    for (const text of textsWithin(writeAll(project))) {
      expect(text).not.toMatch(/undefined|null|\[object|NaN|[{}]| {2}|““|[,;:]\.|\.\.(?!\.)/);
    }
  });

  test.each(named)("%s refer to each other by name", (_, project) => {
    const { BRIEF, MVP_SCOPE, MILESTONES, RISK_LOG, HOW_IT_WORKS } = contentsOf(writeAll(project));
    const features = MVP_SCOPE.coreFeatures.map(({ name }) => name);
    const titles = MILESTONES.milestones.map(({ title }) => title);
    expect(textsWithin(MVP_SCOPE.coreFeatures).join()).toContain(BRIEF.valueProposition);
    for (const { description } of MILESTONES.milestones)
      expect(features.some((name) => description.includes(name))).toBe(true);
    const delivered = textsWithin(MILESTONES.milestones).join();
    for (const name of features) expect(delivered).toContain(name);
    for (const line of MILESTONES.criticalPath)
      expect(titles.some((title) => line.includes(title))).toBe(true);
    for (const { description } of [...RISK_LOG.technicalRisks, ...RISK_LOG.executionRisks]) {
      expect(titles.some((title) => description.includes(title))).toBe(true);
    }
    const journey = textsWithin(HOW_IT_WORKS.userJourney).join();
    for (const name of features) {
      expect(journey).toContain(name);
      expect(HOW_IT_WORKS.architecture).toContain(name);
      expect(HOW_IT_WORKS.dataFlow).toContain(name);
    }
    for (const title of titles) expect(HOW_IT_WORKS.architecture).toContain(title);
  });

  test.each(named)("%s plan weeks that add up", (_, project) => {
    const { milestones, totalDurationWeeks } = contentsOf(writeAll(project)).MILESTONES;
    expect(milestones.reduce((sum, { estimatedWeeks }) => sum + estimatedWeeks, 0)).toBe(totalDurationWeeks);
  });

  test("two projects differ in every document", () => {
    const all = PROJECTS.map((project) => writeAll(project));
    for (const type of ARTIFACT_TYPES) {
      expect(new Set(all.map((documents) => JSON.stringify(documents[type]))).size).toBe(PROJECTS.length);
    }
  });

  test("any project fit", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            "we",
            "let",
            "for",
            "shop owners",
            "with",
            "and",
            "track",
            ".",
            ",",
            "\n- ",
            "you",
            "them",
            "that",
            "“",
            "🐝",
          ),
          { maxLength: 60 },
        )
        .map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, text, text, (name, description, reason) => {
        writeAll(
          projectOf(name, description, {
            decisions: [{ gateType: "x", stage: name, decision: "NARROW", reason }],
            risks: [{ stage: name, type: "technical", message: reason }],
          }),
        );
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test.each([
    ["words", "track bees and "],
    ["one word", "a"],
    ["Chinese", "蔬菜"],
    ["emoji", "🐝"],
    ["spaces", " "],
    ["line breaks", "- Track bees\n"],
    ["commas", "a, "],
  ])("a project with 10,000 characters of %s fit, and do not take long", (_, unit) => {
    const text = unit.repeat(Math.floor(10_000 / unit.length));
    const start = performance.now();
    writeAll(projectOf(text, text));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("the demo's documents", () => {
  const { BRIEF, MVP_SCOPE, MILESTONES, RISK_LOG, HOW_IT_WORKS } = contentsOf(writeAll(DEMO_PROJECT));

  test("are as long as a founder reads", () => {
    expect({
      differentiationPoints: BRIEF.differentiationPoints.length,
      coreFeatures: MVP_SCOPE.coreFeatures.length,
      outOfScope: MVP_SCOPE.outOfScope.length,
      successMetrics: MVP_SCOPE.successMetrics.length,
      milestones: MILESTONES.milestones.length,
      criticalPath: MILESTONES.criticalPath.length,
      totalDurationWeeks: MILESTONES.totalDurationWeeks,
      risks: [
        RISK_LOG.technicalRisks.length,
        RISK_LOG.marketRisks.length,
        RISK_LOG.executionRisks.length,
        RISK_LOG.financialRisks.length,
        RISK_LOG.strategicRisks.length,
      ],
      userJourney: HOW_IT_WORKS.userJourney.map(({ stepNumber }) => stepNumber),
    }).toEqual({
      differentiationPoints: 3,
      coreFeatures: 5,
      outOfScope: 4,
      successMetrics: 3,
      milestones: 4,
      criticalPath: 3,
      totalDurationWeeks: 4,
      risks: [2, 2, 2, 1, 1],
      userJourney: [1, 2, 3, 4, 5],
    });
  });

  test("are about its users, in its words", () => {
    expect(BRIEF.problemStatement).toContain(
      "Shop owners with one to five employees count stock on paper and find out too late what is missing.",
    );
    expect(BRIEF.problemStatement).toContain("Three shop owners described the problem in the same words.");
    expect(BRIEF.valueProposition).toMatch(
      /^We let shop owners scan a shelf with a phone and tell them what to order, and when, so that /,
    );
    expect(MVP_SCOPE.coreFeatures.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
      "Shelf scan HIGH",
      "Order suggestions HIGH",
      "Low-stock alerts MEDIUM",
      "Product list from the first scan MEDIUM",
      "Delivery check-in LOW",
    ]);
    expect(RISK_LOG.technicalRisks[0]?.title).toBe("A third of the goods have no barcode");
  });
});

describe("what was decided and raised", () => {
  const project = PROJECTS.find(({ project: { name } }) => name === "DentaBook");
  if (!project) throw new Error("There is no such project");
  const { MVP_SCOPE, RISK_LOG, BRIEF } = contentsOf(writeAll(project));

  test("a NARROW decision's reason is out of scope and shapes the constraint", () => {
    expect(MVP_SCOPE.outOfScope[0]).toContain("Only dentists, no other doctors.");
    expect(BRIEF.keyConstraint).toContain("Only dentists, no other doctors.");
  });

  test("a PIVOT's reason tells what was left", () => {
    expect(MVP_SCOPE.outOfScope[1]).toContain("Dentists pay, patients do not.");
    expect(BRIEF.competitiveStrategy).toContain("Dentists pay, patients do not.");
  });

  test("a project that was parked may pause again, also where nobody wrote down why", () => {
    expect(RISK_LOG.executionRisks.map(({ description }) => description).join()).toContain(
      "did not write down why",
    );
  });

  test.each([
    ["market", "marketRisks"],
    ["budget", "financialRisks"],
    ["competitor", "strategicRisks"],
    ["team", "executionRisks"],
  ] as const)("a risk of type %s stands in %s by its message", (type, section) => {
    expect(RISK_LOG[section][0]?.title).toBe(`Something about ${type} worries us`);
    expect(RISK_LOG[section][0]?.description).toContain(`Something about ${type} worries us.`);
  });

  test("a hundred raised risks fit", () => {
    const risks = Array.from({ length: 100 }, (_, index) => ({
      stage: "MVP built",
      type: "technical",
      message: `Risk ${index}.`,
    }));
    expect(contentsOf(writeAll(projectOf("Ledger", "", { risks }))).RISK_LOG.technicalRisks).toHaveLength(30);
  });
});
