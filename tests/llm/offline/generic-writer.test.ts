import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkContent } from "../../../src/domain/artifact/content.ts";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import { choiceOf, core, itemOf, label, line, listOf, prose } from "../../../src/domain/artifact/section.ts";
import { type Material, writeBySchema } from "../../../src/llm/offline/generic-writer.ts";
import { writeDocument } from "../../../src/llm/offline/write-document.ts";
import { DEMO_PROJECT, PROJECTS, writeAll } from "../support/offline.ts";

const MATERIAL: Material = {
  names: ["Shelf scan", "Order suggestions"],
  sentences: ["We count first.", "We order later."],
  keys: ["claude", "gpt"],
};

const channel = itemOf(
  { id: "TestChannel", label: "name", description: "A way to reach our users." },
  {
    name: label().describe("What we call it."),
    reach: line().describe("Whom we reach by it."),
    weeks: z.number().int().min(1).max(12).describe("How long it takes us."),
    effort: choiceOf("TestEffort", "How much work it is.", { SMALL: "A day.", LARGE: "A month." }),
    steps: listOf(line(), 10).describe("What we do."),
  },
);

/** A section of each kind, added to the document as somebody would add one. */
const launch = {
  ...DOCUMENTS.MVP_SCOPE,
  sections: {
    ...DOCUMENTS.MVP_SCOPE.sections,
    launchPlan: core({
      title: "Launch plan",
      description: "How we tell the world.",
      schema: prose(),
      uses: ["BRIEF.valueProposition"],
    }),
    launchSteps: core({
      title: "Launch steps",
      description: "What we do, in order.",
      schema: listOf(line()),
    }),
    launchWeek: core({
      title: "Launch week",
      description: "In which week we launch.",
      schema: z.number().int().min(20).max(52),
    }),
    launchChannels: core({
      title: "Launch channels",
      description: "Where we tell it.",
      schema: listOf(channel),
    }),
    toString: core({ title: "In a line", description: "What we say in one line.", schema: line() }),
  },
};

describe("a section that nobody has written a writer for", () => {
  test.each(
    PROJECTS.map((project) => [project.project.name, project] as const),
  )("is written for %s all the same", (_, project) => {
    const { BRIEF } = writeAll(project);
    const content = writeDocument(launch, { ...project, documents: { BRIEF } });
    expect(checkContent(launch, content)).toHaveProperty("content");
    expect(content.launchPlan).toMatch(/^Launch plan: we /);
    expect(content.launchPlan).toMatch(/How we tell the world\./);
  });

  test("quotes what it declares to use, and speaks of the project", () => {
    const { BRIEF } = writeAll(DEMO_PROJECT);
    const content = writeDocument(launch, { ...DEMO_PROJECT, documents: { BRIEF } });
    expect(content.launchPlan).toContain(String(BRIEF.valueProposition));
    expect(content.launchPlan).toContain("shop owners");
    expect(content.launchWeek).toBe(20);
    expect(content.launchSteps).toHaveLength(3);
    expect(content.launchChannels).toMatchObject([
      { name: "Shelf scan", weeks: 1, effort: "SMALL" },
      { name: "Order suggestions", weeks: 2, effort: "LARGE" },
      { name: "Low-stock alerts", weeks: 3, effort: "SMALL" },
    ]);
  });
});

describe("the generic writer", () => {
  test.each<[string, z.ZodType]>([
    ["text of at least 300 characters", z.string().min(300).max(310)],
    ["text of at most three", z.string().min(1).max(3)],
    ["text without a limit", z.string()],
    ["a list of at least five", z.array(z.string().min(1)).min(5)],
    ["a list of at most one", z.array(z.number()).max(1)],
    ["a tuple", z.tuple([z.string(), z.number()])],
    ["a record", z.record(z.string(), z.string())],
    ["a record of known keys", z.record(z.enum(["a", "b"]), z.string())],
    ["what may be null or missing", z.object({ one: z.string().nullable(), other: z.string().optional() })],
    ["one of several kinds", z.union([z.null(), z.object({ kind: z.literal("a") }), z.string()])],
    ["a boolean, a literal and null", z.object({ yes: z.boolean(), no: z.literal(4), none: z.null() })],
    ["a number with a step", z.number().multipleOf(5).min(12)],
    ["a number between two", z.number().gt(3).lt(4)],
    ["a negative number", z.number().int().max(-3)],
    [
      "a time, an address and an id",
      z.object({ at: z.iso.datetime(), mail: z.email(), url: z.url(), id: z.uuid() }),
    ],
    [
      "a consensus",
      z.object({
        agreements: z.array(z.string().min(1)),
        disagreements: z.array(z.object({ topic: z.string(), positions: z.record(z.string(), z.string()) })),
      }),
    ],
  ])("fills %s", (_, schema) => {
    const written = writeBySchema(schema, MATERIAL);
    expect(schema.safeParse(written)).toMatchObject({ success: true, data: written });
  });

  test("ends where a schema contains itself", () => {
    const tree = z.object({
      name: z.string(),
      get children() {
        return z.array(tree);
      },
    });
    expect(tree.safeParse(writeBySchema(tree, MATERIAL)).success).toBe(true);
  });

  test("gives records the keys of the material", () => {
    expect(writeBySchema(z.record(z.string(), z.string()), MATERIAL)).toEqual({
      claude: "We count first.",
      gpt: "We order later.",
    });
  });
});
