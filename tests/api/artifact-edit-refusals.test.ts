import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import {
  AnnotateArtifact,
  documentsOf,
  EditArtifactSection,
  pick,
  writeDocuments,
} from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { fingerprint } from "./support/rows.ts";

const app = useApp();
const founder = new Founder(app);
const my = { projectId: "", brief: "", scope: "", milestones: "", risks: "", journey: "" };

beforeAll(async () => {
  await founder.enlargePlan();
  my.projectId = await founder.project();
  const project = await writeDocuments(founder, my.projectId);
  my.brief = pick(project, "BRIEF").id;
  my.scope = pick(project, "MVP_SCOPE").id;
  my.milestones = pick(project, "MILESTONES").id;
  my.risks = pick(project, "RISK_LOG").id;
  my.journey = pick(project, "HOW_IT_WORKS").id;
});

const feature = { name: "Count", description: "They count.", priority: "HIGH" };
const step = {
  title: "Count",
  description: "We build it.",
  successCriteria: ["It counts"],
  estimatedWeeks: 2,
};
type Document = "brief" | "scope" | "milestones" | "risks" | "journey";

describe("content that does not fit is refused with its place, and nothing is written:", () => {
  const cases: Record<string, [document: Document, section: string, content: unknown, path: string]> = {
    "an empty text": ["brief", "targetUser", "", "content"],
    "a blank text": ["brief", "targetUser", " \n\t\u00a0", "content"],
    "a number for text": ["brief", "targetUser", 7, "content"],
    "a list for text": ["brief", "targetUser", ["We build for bakers."], "content"],
    "an object for text": ["brief", "targetUser", { text: "We" }, "content"],
    "false for text": ["brief", "targetUser", false, "content"],
    "8,001 characters": ["brief", "targetUser", "x".repeat(8_001), "content"],
    "200 KB of text": ["brief", "targetUser", "x".repeat(200 * 1_024), "content"],
    "text with NUL": ["brief", "targetUser", "We\u0000build", "content"],
    "text with half a surrogate pair": ["brief", "targetUser", "We \ud800 build", "content"],
    "an empty list": ["brief", "differentiationPoints", [], "content"],
    "a text for a list": ["brief", "differentiationPoints", "We differ.", "content"],
    "31 lines": ["brief", "differentiationPoints", Array(31).fill("We differ."), "content"],
    "an empty line": ["brief", "differentiationPoints", ["We differ.", " "], "content.1"],
    "null for a line": ["brief", "differentiationPoints", ["We differ.", null], "content.1"],
    "a line of 501 characters": ["brief", "differentiationPoints", ["x".repeat(501)], "content.0"],
    "an object for a line": ["brief", "differentiationPoints", [{ text: "We" }], "content.0"],
    "one item for a list": ["scope", "coreFeatures", feature, "content"],
    "an item without a field": ["scope", "coreFeatures", [{ ...feature, name: undefined }], "content.0.name"],
    "an item with an unknown field": [
      "scope",
      "coreFeatures",
      [feature, { ...feature, cost: 1 }],
      "content.1",
    ],
    "a priority that is none": [
      "scope",
      "coreFeatures",
      [{ ...feature, priority: "high" }],
      "content.0.priority",
    ],
    "a severity that is a number": [
      "risks",
      "marketRisks",
      [{ title: "None", description: "Nobody", severity: 1, mitigation: "We wait" }],
      "content.0.severity",
    ],
    "an item within an item that is wrong": [
      "milestones",
      "milestones",
      [step, { ...step, successCriteria: ["It counts", ""] }],
      "content.1.successCriteria.1",
    ],
    "no week": ["milestones", "totalDurationWeeks", 0, "content"],
    "half a week": ["milestones", "totalDurationWeeks", 2.5, "content"],
    "weeks as text": ["milestones", "totalDurationWeeks", "12", "content"],
    "261 weeks": ["milestones", "totalDurationWeeks", 261, "content"],
    "a step that is not numbered": [
      "journey",
      "userJourney",
      [{ title: "Open", description: "They open it." }],
      "content.0.stepNumber",
    ],
  };

  test.each(Object.entries(cases))("%s", async (_name, [document, section, content, path]) => {
    const before = await fingerprint(app);
    const input = { artifactId: my[document], section, content };
    expect(await founder.run(EditArtifactSection, input)).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path }],
    });
    expect(await fingerprint(app)).toBe(before);
  });

  test("all that is wrong with it at once", async () => {
    const content = [{ ...feature, name: "", priority: "NEVER" }];
    const input = { artifactId: my.scope, section: "coreFeatures", content };
    expect(await founder.run(EditArtifactSection, input)).toMatchObject({
      issues: [{ path: "content.0.name" }, { path: "content.0.priority" }],
    });
  });
});

describe("a section that the document does not have is refused with those that it has:", () => {
  test.each([
    ["another document's", "coreFeatures"],
    ["none", ""],
    ["another case", "targetuser"],
    ["the version of its shape", "_schema_version"],
    ["the prototype", "__proto__"],
    ["a property of every object", "constructor"],
    ["101 characters", "s".repeat(101)],
  ])("%s", async (_name, section) => {
    const before = await fingerprint(app);
    const answers = [
      await founder.run(EditArtifactSection, { artifactId: my.brief, section, content: "We." }),
      await founder.run(AnnotateArtifact, { artifactId: my.brief, section, note: "Why?" }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ __typename: "ValidationError", issues: [{ path: "section" }] });
      if (section.length <= 100) expect(JSON.stringify(answer)).toContain("problemStatement, targetUser");
    }
    expect(await fingerprint(app)).toBe(before);
  });
});

describe("content that no section could hold is refused in every state of things, and is no fault:", () => {
  // As deep as a request may nest; deeper ones are refused before anybody looks at what they say.
  const DEEP = 1_900;
  const contents: Record<string, string> = {
    "a list that is nested very deep": `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`,
    "an object that is nested very deep": `${'{"a":'.repeat(DEEP / 2)}1${"}".repeat(DEEP / 2)}`,
    "a number that JSON does not have": "1e999",
    "a lone surrogate": '"\\ud800"',
    "a key with a lone surrogate": '{"\\udc00":1}',
    "a key that is the prototype": '{"__proto__":{"length":1}}',
  };
  const states: Record<string, string> = {
    plainly: "",
    "with an idempotency key": ',"idempotencyKey":"hostile"',
    "for a stale version": ',"expectedVersion":99',
  };
  const all = Object.entries(contents).flatMap(([what, content]) =>
    Object.entries(states).map(([how, more]) => ({ what, how, content, more })),
  );

  test.each(all)("$what, given $how", async ({ content, more, how }) => {
    const before = pick(await documentsOf(founder, my.projectId), "BRIEF");
    const query =
      "mutation ($input: EditArtifactSectionInput!) { editArtifactSection(input: $input) { __typename } }";
    const input = `{"artifactId":"${my.brief}","section":"targetUser","content":${content}${more}}`;
    const response = await fetch(`${app.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`,
    });
    const text = await response.text();
    expect(response.status).toBeLessThan(500);
    expect(text).not.toContain("INTERNAL_SERVER_ERROR");
    expect(text).toMatch(
      how === "for a stale version"
        ? /ConflictError|ValidationError|BAD_USER_INPUT/
        : /ValidationError|BAD_USER_INPUT/,
    );
    expect(pick(await documentsOf(founder, my.projectId), "BRIEF")).toEqual(before);
  });
});

test("an edit of 5 MB is a 413 that says so, and nothing is written", async () => {
  const before = await fingerprint(app);
  const content = "x".repeat(5 * 1024 * 1024);
  const input = { artifactId: my.brief, section: "targetUser", content };
  const { status, data, errors } = await send(app.url, EditArtifactSection, { input });
  expect(status).toBe(413);
  expect(data ?? null).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: "REQUEST_ENTITY_TOO_LARGE" } }]);
  expect(errors?.[0]?.message).toMatch(/KB|large/);
  expect(await fingerprint(app)).toBe(before);
});
