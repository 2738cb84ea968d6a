import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { send } from "../../support/client.ts";
import { StartDiscussion, untilQuiet } from "../support/discussions.ts";
import { Founder } from "../support/founder.ts";

let statements = 0;
const app = useApp({
  onStatement: () => {
    statements += 1;
  },
});
const founder = new Founder(app);
const [FEW, MANY] = [2, 8];

beforeAll(async () => {
  await founder.enlargePlan();
  const discussions: string[] = [];
  for (let count = 0; count < MANY; count += 1) {
    const projectId = await founder.projectIn("THESIS_DEFINED");
    const input = { projectId, question: "Why?", type: "DISCUSS" as const, models: ["claude", "gpt"] };
    discussions.push((await founder.succeed(StartDiscussion, input)).discussion.id);
  }
  for (const id of discussions) await untilQuiet(founder, id);
}, 60_000);

/** Reads that many projects with a selection, and counts the statements that it takes. */
async function read(first: number, selection: string) {
  const query = `query { projects(first: ${first}) { nodes { ${selection} } } }`;
  statements = 0;
  const { data, errors } = await send<{ projects: { nodes: object[] } }, object>(app.url, query);
  if (errors || !data) throw new Error(JSON.stringify(errors));
  expect(data.projects.nodes).toHaveLength(first);
  return { nodes: data.projects.nodes, statements };
}

const NESTED =
  "discussions(first: 5) { nodes { id question rounds { id messages { id model content timestamp failure { reason } } } consensus { id score generatedBy } } }";
const CITES = "cites { id model round { roundNumber } }";

const SELECTIONS: Record<string, string> = {
  "the nested query": `id name stages { id } events(last: 10) { nodes { id } } ${NESTED}`,
  "discussions' totals":
    "discussions { totalCount } completed: discussions(status: COMPLETED) { totalCount }",
  "what a consensus cites": `discussions(first: 2) { nodes { consensus { agreements { ${CITES} } disagreements { positions { ${CITES} } } dissent { ${CITES} } } } }`,
  "discussions' Markdown": "discussions(first: 5) { nodes { markdown } }",
  "messages and what they lead to":
    "discussions(first: 2) { nodes { rounds { messages { ranks { id } replyTo { id } round { discussion { project { name } } } } } } }",
  "discussions' project and the gates that cite them":
    "discussions { nodes { project { name models settings { defaultRounds } } citedBy { id } } }",
  "gates' discussions": "gates { nodes { discussion { id question } } }",
  "projects' models and settings": "models settings { consensusThreshold }",
  "events' discussions":
    "events { nodes { ... on DiscussionEvent { discussion { id } round { roundNumber } message { model } } } }",
};

describe(`costs the same number of statements for ${FEW} and for ${MANY} projects:`, () => {
  test.each(Object.entries(SELECTIONS))("%s", async (_name, selection) => {
    const few = await read(FEW, selection);
    const many = await read(MANY, selection);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBe(few.statements);
    expect(many.nodes.slice(0, FEW)).toEqual(few.nodes);
  });
});
