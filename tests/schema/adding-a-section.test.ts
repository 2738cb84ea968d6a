import SchemaBuilder from "@pothos/core";
import { lexicographicSortSchema, printSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkContent, completeSchema, type StoredContent } from "../../src/domain/artifact/content.ts";
import { changesBetween } from "../../src/domain/artifact/diff.ts";
import { artifactMarkdown } from "../../src/domain/artifact/markdown.ts";
import { productBrief } from "../../src/domain/artifact/product-brief.ts";
import {
  business,
  choiceOf,
  core,
  type DocumentDefinition,
  defineDocument,
  itemOf,
  label,
  line,
  listOf,
  prose,
  strategic,
} from "../../src/domain/artifact/section.ts";
import { allSourcesNow, staleSections } from "../../src/domain/artifact/sources.ts";
import { gateContent, lockedSections } from "../../src/domain/artifact/tier.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import { documentPrompt } from "../../src/llm/prompt.ts";
import type { Meter } from "../../src/llm/runner.ts";
import { defineContentTypes } from "../../src/schema/artifact/content.ts";
import { CONTEXT } from "../llm/support/contexts.ts";

const tool = itemOf(
  { id: "Competitor", label: "name", description: "Somebody whom our users could go to." },
  {
    name: label().describe("What they are called."),
    threat: choiceOf("Threat", "How much they worry us.", {
      NEAR: "They can take our users.",
      FAR: "They can not.",
    }),
    price: z.number().int().min(0).max(10_000).describe("What they take a month."),
    strengths: listOf(line(), 5).describe("What they do better than we."),
  },
);

/** The product brief with a section of each kind, added as somebody would add it: in the definition, and nowhere else. */
const document: DocumentDefinition = defineDocument({
  ...productBrief,
  sections: {
    ...productBrief.sections,
    story: core({ title: "Story", description: "How we came to build it.", schema: prose() }),
    slogans: business({ title: "Slogans", description: "What we call out.", schema: listOf(line()) }),
    launchYear: strategic({
      title: "Year of launch",
      description: "When we launch.",
      schema: z.number().int().min(2_026).max(2_100),
    }),
    competitors: business({
      title: "Competitors",
      description: "Who else is there.",
      schema: listOf(tool),
      // A brief has nothing before it. The prompt and the sources take any reference.
      uses: ["MVP_SCOPE.coreFeatures"],
    }),
  },
});

const added = {
  story: "We had a shop ourselves.",
  slogans: ["Count less", "Sell more"],
  launchYear: 2_027,
  competitors: [
    { name: "Tillmaker", threat: "NEAR", price: 30, strengths: ["They are in every shop"] },
    { name: "Papertrail", threat: "FAR", price: 0, strengths: ["They need no power"] },
  ],
} as const;

const content: StoredContent = {
  problemStatement: "They count by hand.",
  targetUser: "Owners of shops.",
  valueProposition: "We count while you sell.",
  keyConstraint: "They have no scanner.",
  differentiationPoints: ["We need no scanner."],
  marketAnalysis: "There are many.",
  competitiveStrategy: "We begin small.",
  ...added,
};

describe("sections of every kind that are added to a document's definition are", () => {
  test("asked for from a model, and checked", () => {
    expect(checkContent(document, content)).toEqual({ content: { ...content, _schema_version: 1 } });
    expect(Object.keys(completeSchema(document).shape)).toEqual(Object.keys(document.sections));
    for (const section of Object.keys(added)) {
      const { [section]: _left, ...rest } = content;
      expect(checkContent(document, rest)).toEqual({ problems: [expect.stringMatching(`^${section}: `)] });
    }
    const wrong = { ...content, competitors: [{ ...added.competitors[0], threat: "CLOSE" }] };
    expect(checkContent(document, wrong)).toEqual({
      problems: [expect.stringMatching(/^competitors\.0\.threat: /)],
    });
  });

  test("fields of the content's GraphQL type, with types for their items and choices", () => {
    const sdl = sdlOf([document]);
    expect(sdl).toContain(
      '"""How we came to build it. Opened by the plan BOOTSTRAPPER."""\n  story: String\n',
    );
    expect(sdl).toContain('"""What we call out. Opened by the plan PARTNER."""\n  slogans: [String!]\n');
    expect(sdl).toContain('"""When we launch. Opened by the plan CTO_SCALE."""\n  launchYear: Int\n');
    expect(sdl).toContain("  competitors: [Competitor!]\n");
    expect(sdl).toContain(`"""Somebody whom our users could go to."""
type Competitor {
  """What they are called."""
  name: String!

  """What they take a month."""
  price: Int!

  """What they do better than we."""
  strengths: [String!]!

  """How much they worry us."""
  threat: Threat!
}`);
    expect(sdl).toContain(`"""How much they worry us."""
enum Threat {
  """They can not."""
  FAR

  """They can take our users."""
  NEAR
}`);
  });

  test("opened and closed by their tiers", () => {
    const seen = (plan: Parameters<typeof gateContent>[2]) =>
      Object.keys(gateContent(document, content, plan)).filter((key) => key in added);
    expect(seen("BOOTSTRAPPER")).toEqual(["story"]);
    expect(seen("PARTNER")).toEqual(["story", "slogans", "competitors"]);
    expect(seen("CTO_SCALE")).toEqual(Object.keys(added));
    const locked = lockedSections(document, "BOOTSTRAPPER").filter(({ section }) => section in added);
    expect(locked).toEqual([
      { section: "slogans", requiredTier: "PARTNER" },
      { section: "launchYear", requiredTier: "CTO_SCALE" },
      { section: "competitors", requiredTier: "PARTNER" },
    ]);
  });

  test("asked for by the prompt, with what they are made from", () => {
    const { prompt } = documentPrompt(document, CONTEXT);
    expect(prompt).toContain('- story ("Story"): How we came to build it.');
    expect(prompt).toContain('- slogans ("Slogans"): What we call out.');
    expect(prompt).toContain('- launchYear ("Year of launch"): When we launch.');
    const features = [{ name: "Stocktaking", description: "They count.", priority: "HIGH" }];
    const context = { ...CONTEXT, documents: { MVP_SCOPE: { coreFeatures: features } } };
    expect(documentPrompt(document, context).prompt).toContain(
      '- competitors ("Competitors"): Who else is there.\n  Build it on the project and exactly "MVP scope: Core features" (MVP_SCOPE.coreFeatures).',
    );
  });

  test.each(["READABLE", "TECHNICAL"] as const)("written out as %s Markdown", (variant) => {
    const markdown = artifactMarkdown({
      document,
      variant,
      content,
      locked: lockedSections(document, "PARTNER"),
      version: 1,
      status: "IDLE",
      editedSections: [],
      generatedAt: null,
      updatedAt: null,
    });
    for (const text of ["Story", "We had a shop ourselves.", "Slogans", "- Count less", "Competitors"])
      expect(markdown).toContain(text);
    for (const text of ["Tillmaker", "They are in every shop", "Papertrail", "30"])
      expect(markdown).toContain(text);
    expect(markdown).toMatch(variant === "READABLE" ? /Near/ : /NEAR/);
    expect(markdown).not.toContain("2027");
    expect(markdown).toContain("Year of launch (from the CTO scale plan)");
  });

  test("compared, item by item", () => {
    const [first, second] = added.competitors;
    const after: StoredContent = {
      ...content,
      story: "We have a shop.",
      slogans: ["Count less", "Sell more", "Go home"],
      launchYear: 2_028,
      competitors: [{ ...first, price: 40 }],
    };
    const changes = changesBetween(document, content, after);
    expect(
      changes.map(({ section, kind, items }) => [section, kind, items.map((item) => item.kind)]),
    ).toEqual([
      ["story", "CHANGED", []],
      ["slogans", "CHANGED", ["ADDED"]],
      ["launchYear", "CHANGED", []],
      ["competitors", "CHANGED", ["CHANGED", "REMOVED"]],
    ]);
    expect(changes.at(-1)?.items).toMatchObject([
      { label: first.name, fields: ["price"] },
      { label: second.name },
    ]);
    const { competitors: _, ...older } = content;
    expect(changesBetween(document, older, content)).toMatchObject([
      { section: "competitors", kind: "ADDED" },
    ]);
  });

  test("made from what they say that they use, and stale when it says something else", () => {
    const upstream = (name: string, version: number) => ({
      documents: { MVP_SCOPE: { coreFeatures: [{ name, description: "They count.", priority: "HIGH" }] } },
      versions: { MVP_SCOPE: version },
    });
    const sources = allSourcesNow(document, upstream("Stocktaking", 1));
    expect(sources).toMatchObject({
      story: [],
      competitors: [{ type: "MVP_SCOPE", section: "coreFeatures", version: 1 }],
    });
    expect(staleSections(document, sources, upstream("Stocktaking", 2))).toEqual([]);
    expect(staleSections(document, sources, upstream("Ordering", 2))).toEqual([
      {
        section: "competitors",
        causes: [{ type: "MVP_SCOPE", section: "coreFeatures", usedVersion: 1, currentVersion: 2 }],
      },
    ]);
  });

  test("written by the offline runner", async () => {
    const meter: Meter = (_estimate, call) => call();
    const { signal } = new AbortController();
    const request = { document, context: { ...CONTEXT, documents: {} } };
    const draft = await createOfflineRunner({ scenario: null }).generateArtifact(request, { meter, signal });
    expect(checkContent(document, draft.content)).toHaveProperty("content.competitors");
  });
});

/** The types that documents' contents are made of, printed. */
function sdlOf(documents: readonly DocumentDefinition[]): string {
  // Without the plugins that the API's own builder has: the types of contents need none of them.
  const options = { plugins: [], defaultFieldNullability: false };
  const builder = new SchemaBuilder(options as never) as unknown as Parameters<typeof defineContentTypes>[0];
  const types = defineContentTypes(builder, documents);
  builder.queryType({
    fields: (t) =>
      Object.fromEntries(
        types.map((type, index) => [`c${index}`, t.field({ type, nullable: true, resolve: () => null })]),
      ),
  });
  return printSchema(lexicographicSortSchema(builder.toSchema()));
}
