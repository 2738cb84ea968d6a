import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { AnnotateArtifact, EditArtifactSection, pick, writeDocuments } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";
import { CHANGES, CONTENT } from "./support/full-artifact.ts";

let statements = 0;
let counting = false;
const app = useApp({
  onStatement: () => {
    // What the job queue does meanwhile is not the query's.
    if (counting) statements += 1;
  },
});
const founder = new Founder(app);
const MANY = 8;
const my = { projectId: "" };

beforeAll(async () => {
  await founder.enlargePlan();
  for (let count = 0; count < MANY; count += 1) {
    my.projectId = await founder.project();
    const artifactId = pick(await writeDocuments(founder, my.projectId), "BRIEF").id;
    const edits = count === MANY - 1 ? 12 : 1;
    for (let edit = 0; edit < edits; edit += 1) {
      const input = { artifactId, section: "targetUser", content: `We build for user ${edit}.` };
      await founder.succeed(EditArtifactSection, input);
    }
    await founder.succeed(AnnotateArtifact, { artifactId, section: "targetUser", note: "Who?" });
  }
}, 60_000);

async function read<Data>(query: string) {
  statements = 0;
  counting = true;
  const { data, errors } = await send<Data, object>(app.url, query);
  counting = false;
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return { data, statements };
}

const PARTS: Record<string, string> = {
  ids: "id type generationStatus",
  content: `content ${CONTENT}`,
  previousContent: `previousContent ${CONTENT}`,
  json: "json",
  changes: `changes ${CHANGES}`,
  markdown: "markdown technical: markdown(variant: TECHNICAL)",
  lockedSections: "lockedSections { section requiredTier }",
  editedSections: "editedSections",
  annotations: 'annotations { section note } one: annotations(section: "targetUser") { note }',
  staleSections: "staleSections { section causes { type usedVersion } }",
  "their project": "project { id name owner { id } }",
};
/** But for what is compared, which costs as much as all the rest. */
const everything = Object.entries(PARTS)
  .flatMap(([name, part]) => (name === "changes" ? [] : part))
  .join(" ");

/** What costs too much for as many: whole contents, compared or beside one another. */
const FEWER: Readonly<Record<string, number>> = { changes: 4, everything: 4 };

describe("documents of few and of more projects cost the same number of statements:", () => {
  test.each([...Object.entries(PARTS), ["everything", everything] as const])("%s", async (name, part) => {
    const count = FEWER[name] ?? MANY;
    const ask = (first: number) =>
      read<{ projects: { nodes: { artifacts: unknown[] }[] } }>(
        `{ projects(first: ${first}) { nodes { id artifacts { ${part} } } } }`,
      );
    const few = await ask(count / 2);
    const many = await ask(count);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBe(few.statements);
    expect(many.data.projects.nodes.slice(0, count / 2)).toEqual(few.data.projects.nodes);
    for (const { artifacts } of many.data.projects.nodes) expect(artifacts).toHaveLength(5);
  });

  test.each([
    [
      "how far the writing has come",
      "artifactGeneration { status completed total current failure { reason } }",
    ],
    ["the whole project as Markdown", "markdown technical: markdown(variant: TECHNICAL)"],
    [
      "the same list with different arguments",
      "a: artifacts(types: [BRIEF]) { id json } b: artifacts(types: [RISK_LOG, BRIEF]) { type } c: artifacts { id }",
    ],
  ])("%s", async (_name, selection) => {
    const ask = (first: number) =>
      read<{ projects: { nodes: unknown[] } }>(`{ projects(first: ${first}) { nodes { id ${selection} } } }`);
    const few = await ask(2);
    const many = await ask(MANY);
    expect(many.statements).toBe(few.statements);
    expect(many.data.projects.nodes.slice(0, 2)).toEqual(few.data.projects.nodes);
  });
});

describe("the documents of 2 and of 20 events cost the same number of statements:", () => {
  test.each([...Object.entries(PARTS), ["everything", everything] as const])("%s", async (_name, part) => {
    const ask = (last: number) =>
      read<{ project: { events: { nodes: { artifact?: { id: string } | null }[] } } }>(
        `{ project(id: "${my.projectId}") { events(last: ${last}, subjects: [ARTIFACT]) {
          nodes { sequence ... on ArtifactEvent { artifact { id ${part} } } }
        } } }`,
      );
    const few = await ask(2);
    const many = await ask(20);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBe(few.statements);
    const { nodes } = many.data.project.events;
    expect(nodes.slice(-2)).toEqual(few.data.project.events.nodes);
    const linked = nodes.flatMap(({ artifact }) => (artifact ? [artifact.id] : []));
    expect(linked.length).toBeGreaterThan(15);
    expect(new Set(linked).size).toBeGreaterThan(2);
  });
});
