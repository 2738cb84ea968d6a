import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DOCUMENTS, documentOf } from "../../../src/domain/artifact/documents.ts";
import { headingSlugs } from "../../../src/domain/artifact/heading-slug.ts";
import { projectMarkdown } from "../../../src/domain/artifact/markdown.ts";
import {
  core,
  defineDocument,
  itemOf,
  label,
  line,
  listOf,
  prose,
} from "../../../src/domain/artifact/section.ts";
import { gateContent, lockedSections } from "../../../src/domain/artifact/tier.ts";
import { AT, artifact, facts, read } from "./read-markdown.ts";
import { forEveryDocument, SHOP_CONTENTS } from "./shop-contents.ts";

const gated = forEveryDocument((type, content) =>
  facts({
    content: gateContent(documentOf(type), content, "PARTNER"),
    locked: lockedSections(documentOf(type), "PARTNER"),
  }),
);

describe("a document for people", () => {
  test("has its sections as headings, and says in one line what the plan keeps closed", () => {
    const page = read(artifact(gated.BRIEF));
    expect(page.headings).toEqual([
      "# Product brief",
      "## Problem",
      "## Target user",
      "## Value proposition",
      "## Key constraint",
      "## What sets us apart",
      "## Market",
    ]);
    expect(page.paragraphs.at(-1)).toBe(
      "Not part of your plan: Competitive strategy (from the CTO scale plan).",
    );
    expect(page.items).toEqual(SHOP_CONTENTS.BRIEF.differentiationPoints);
  });

  test("keeps a closed section out even if it is given", () => {
    const locked = lockedSections(DOCUMENTS.BRIEF, "BOOTSTRAPPER");
    const markdown = artifact({ content: SHOP_CONTENTS.BRIEF, locked });
    expect(markdown).not.toContain("180,000");
    expect(markdown).toContain(
      "Market (from the Partner plan), Competitive strategy (from the CTO scale plan)",
    );
  });

  test("shows features as a table, steps as numbers, and risks with their severity", () => {
    const scope = read(artifact({ ...gated.MVP_SCOPE, document: DOCUMENTS.MVP_SCOPE }));
    expect(scope.head).toEqual(["Name", "Description", "Priority"]);
    expect(scope.cells.slice(0, 3)).toEqual([
      "Stocktaking",
      "Our users count with the camera of their phone.",
      "High",
    ]);
    const steps = artifact({ ...gated.HOW_IT_WORKS, document: DOCUMENTS.HOW_IT_WORKS });
    expect(steps).toContain(
      "1. **Open the app**\\\n   They see the shelves that are due.\n2. **Film a shelf**",
    );
    const risks = read(artifact({ ...gated.RISK_LOG, document: DOCUMENTS.RISK_LOG }));
    expect(risks.headings).toContain("### The camera miscounts");
    expect(risks.paragraphs).toContain("Severity: High");
    expect(risks.paragraphs).toContain("Mitigation: We test it in the second week, with three shops.");
  });

  test("keeps the steps' own numbers where they have gaps", () => {
    const step = (stepNumber: number) => ({ stepNumber, title: `Step ${stepNumber}`, description: "d" });
    const content = { userJourney: [step(1), step(3)] };
    const page = read(artifact({ document: DOCUMENTS.HOW_IT_WORKS, content }));
    expect(page.items).toEqual(["1. Step 1\nd", "3. Step 3\nd"]);
  });

  test("says what has not been written", () => {
    expect(read(artifact({})).paragraphs.at(-1)).toBe("Not written yet.");
    const { marketAnalysis, ...rest } = SHOP_CONTENTS.BRIEF;
    expect(marketAnalysis).toBeDefined();
    expect(artifact({ content: rest })).toContain("## Market\n\n*Not written yet.*\n");
  });
});

describe("a document for engineers", () => {
  test("begins with what is known of it", () => {
    const { frontMatter } = read(
      artifact({ ...gated.BRIEF, variant: "TECHNICAL", editedSections: ["targetUser"], updatedAt: null }),
    );
    expect(frontMatter).toEqual({
      type: "BRIEF",
      version: 2,
      schemaVersion: 1,
      status: "IDLE",
      editedSections: ["targetUser"],
      generatedAt: "2026-11-21T10:00:00.000Z",
      updatedAt: null,
    });
  });

  test("names keys, tiers, fields, choices and sources as the content does", () => {
    const markdown = artifact({
      ...gated.MVP_SCOPE,
      document: DOCUMENTS.MVP_SCOPE,
      variant: "TECHNICAL",
      sources: { coreFeatures: [{ type: "BRIEF", section: "targetUser", version: 3 }] },
    });
    const page = read(markdown);
    expect(page.headings[1]).toBe("## Core features (coreFeatures, CORE)");
    expect(page.head).toEqual(["name", "description", "priority"]);
    expect(page.cells).toContain("HIGH");
    expect(page.paragraphs).toContain("Written from BRIEF.targetUser (version 3)");
  });

  test("lists what an item holds several of below its other fields", () => {
    const page = artifact({ ...gated.MILESTONES, document: DOCUMENTS.MILESTONES, variant: "TECHNICAL" });
    expect(page).toContain(
      "### Order for a week\n\n| Field | Value |\n| --- | --- |\n| `title` | Order for a week |\n| `description` | We deliver the Order list. |\n| `estimatedWeeks` | 4 |\n\n`successCriteria`\n\n- Nobody orders twice\n",
    );
  });

  test("keeps hostile values in their place in the front matter", () => {
    const hostile = 'a\n---\nevil: true\n"\u2028\u0085# x: [y';
    const { frontMatter } = read(
      artifact({ variant: "TECHNICAL", status: hostile, editedSections: [hostile] }),
    );
    expect(frontMatter).toMatchObject({ status: hostile, editedSections: [hostile] });
    expect(frontMatter).not.toHaveProperty("evil");
  });

  test("has nothing in the front matter that a reader who knows none would take for HTML, a link or an image", () => {
    const hostile = "<img src=x onerror=alert(1)> ![x](https://evil.example) `a` &lt;b&gt; \u202Eab\u2066";
    const markdown = artifact({ variant: "TECHNICAL", status: hostile, editedSections: [hostile] });
    const raw = /^---\n[\s\S]*?\n---\n/.exec(markdown)?.[0] ?? "";
    const texts = raw.match(/"(?:[^"\\]|\\.)*"/g)?.join("") ?? "";
    expect(texts).toContain("onerror");
    expect(texts).not.toMatch(/[<>&[\]`\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    expect(read(markdown).frontMatter).toMatchObject({ status: hostile, editedSections: [hostile] });
  });
});

describe("a project", () => {
  const { HOW_IT_WORKS, ...most } = gated;
  const project = (changes: object = {}) =>
    projectMarkdown({
      name: "Shelf Life",
      description: "Stock for small shops.",
      date: AT,
      documents: { ...most, BRIEF: { ...most.BRIEF, content: SHOP_CONTENTS.BRIEF } },
      variant: "READABLE",
      ...changes,
    });

  test("begins with its name and has the five documents in the order of the chain", () => {
    const page = read(project());
    expect(page.headings[0]).toBe("# Shelf Life");
    expect(page.paragraphs.slice(0, 2)).toEqual(["Stock for small shops.", "21 November 2026"]);
    expect(page.headings.filter((heading) => heading.startsWith("## "))).toEqual([
      "## Contents",
      "## Product brief",
      "## MVP scope",
      "## Milestones",
      "## Risk log",
      "## How it works",
    ]);
    expect(HOW_IT_WORKS.content).not.toBeNull();
    expect(page.paragraphs.at(-1)).toBe("Not written yet.");
  });

  test.each([
    "READABLE",
    "TECHNICAL",
  ] as const)("links from its contents to headings that are there (%s)", (variant) => {
    const page = read(project({ name: "Milestones", variant }));
    const slug = headingSlugs();
    const slugs = page.headings.map((heading) => `#${slug(heading.replace(/^#+ /, ""))}`);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(page.links.length).toBeGreaterThan(20);
    expect(slugs).toEqual(expect.arrayContaining(page.links.map((link) => decodeURIComponent(link))));
    // The project, the document and its section have the same name.
    expect(page.links).toContain(variant === "READABLE" ? "#milestones-2" : "#milestones-1");
  });

  test("is described by its front matter when it is for engineers", () => {
    const { frontMatter } = read(project({ name: 'No: "1"\n---', variant: "TECHNICAL" }));
    expect(frontMatter).toMatchObject({
      project: 'No: "1"\n---',
      exportedAt: AT.toISOString(),
      documents: ["BRIEF", "MVP_SCOPE", "MILESTONES", "RISK_LOG"].map((type) => ({ type, version: 2 })),
    });
  });
});

describe("a section of any shape", () => {
  test("is shown without another line of code", () => {
    const stakeholder = itemOf(
      { id: "Stakeholder", label: "name", description: "Somebody." },
      {
        name: label(),
        role: z.enum(["PAYS_FOR_IT", "USES_IT"]),
        since: z.number().int(),
        says: line(),
        wants: listOf(line()),
      },
    );
    const document = defineDocument({
      ...DOCUMENTS.BRIEF,
      sections: {
        ...DOCUMENTS.BRIEF.sections,
        stakeholders: core({
          title: "Stakeholders",
          description: "Who.",
          schema: listOf(stakeholder).optional(),
        }),
        budget: core({ title: "Budget", description: "How much.", schema: z.number().int() }),
        notes: core({ title: "Notes", description: "What else.", schema: prose().nullable() }),
      },
    });
    const content = {
      stakeholders: [
        { name: "Ada", role: "PAYS_FOR_IT", since: 2020, says: "Go.", wants: ["Peace", "Quiet"] },
      ],
      budget: 12_000,
      notes: "None.",
    };
    const readable = artifact({ document, content });
    expect(readable).toContain(
      "## Stakeholders\n\n### Ada\n\n**Role:** Pays for it · **Since:** 2020\n\nGo.\n\n**Wants:**\n\n- Peace\n- Quiet\n\n## Budget\n\n12000\n\n## Notes\n\nNone.\n",
    );
    const technical = artifact({ document, content, variant: "TECHNICAL" });
    expect(technical).toContain("| `role` | PAYS_FOR_IT |");
  });

  test("is shown as it is stored when the content is of an older shape", () => {
    const content = {
      coreFeatures: "Stocktaking",
      outOfScope: [{ what: "Payments", why: ["later"] }],
      successMetrics: 5,
    };
    const page = read(artifact({ document: DOCUMENTS.MVP_SCOPE, content }));
    expect(page.paragraphs).toEqual(expect.arrayContaining(["Stocktaking", "5", "Payments"]));
    expect(page.items).toEqual(["later"]);
  });
});
