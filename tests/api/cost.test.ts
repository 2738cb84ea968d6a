import { expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";

const app = useApp();

const PAGES = `query ($n: Int = 100) {
  projects(first: $n) { nodes { runs(first: $n) { nodes { workstreams(first: $n) { nodes { key } } } } } }
}`;

test("a page counts as it is asked for: by a literal, a variable, or a variable's default", async () => {
  expect((await send(app.url, PAGES, { n: 2 })).errors).toBeUndefined();
  for (const variables of [undefined, { n: 100 }]) {
    const { status, errors, data } = await send(app.url, PAGES, variables);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors).toMatchObject([
      {
        extensions: {
          code: "QUERY_TOO_COMPLEX",
          limit: { name: "complexity", max: 50_000, actual: 2_020_201 },
          cost: { complexity: 2_020_201, maxComplexity: 50_000, depth: 7, maxDepth: 16 },
        },
      },
    ]);
  }
});

test("every variable that is wrong is told, whatever the operation costs", async () => {
  const document =
    "query ($n: Int, $m: Int) { a: projects(first: $n) { totalCount } b: projects(first: $m) { totalCount } }";
  const { errors } = await send(app.url, document, { n: "x", m: "y" });
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
});

test.each(TRANSPORTS)("a subscription that costs too much is not opened over %s", async (transport) => {
  const list = "nodes { runs(first: 100) { nodes { workstreams(first: 100) { nodes { key } } } } }";
  const document = `subscription { viewerEvents { project { owner { projects(first: 100) { ${list} } } } } }`;
  const stream = await subscribe(transport, app.url, document);
  expect((await stream.next())?.errors).toMatchObject([{ extensions: { code: "QUERY_TOO_COMPLEX" } }]);
  expect(await stream.next()).toBeNull();
});

const aliased = (field: string) => Array.from({ length: 90 }, (_, index) => `a${index}: ${field}`).join(" ");

test.each([
  [
    "messages",
    `{ projects { nodes { discussions(first: 1) { nodes { rounds { messages { ${aliased("content")} } } } } } } }`,
  ],
  ["an event's details", `{ projects { nodes { events(first: 100) { nodes { ${aliased("detail")} } } } } }`],
  [
    "a document's sections",
    `{ projects { nodes { artifacts { content { ... on ProductBrief { ${aliased("problemStatement")} } } } } } }`,
  ],
  ["whole projects", `{ projects { nodes { ${aliased("markdown")} } } }`],
  [
    "things by their ids",
    `{ nodes(ids: [${'"x" '.repeat(100)}]) { ... on Artifact { ${aliased("title")} changes { before after } } } }`,
  ],
])("%s cost as much as they may hold: under 90 aliases they are refused", async (_name, query) => {
  const { status, errors } = await send(app.url, query);
  expect(status).toBe(400);
  expect(errors).toMatchObject([
    { extensions: { code: "QUERY_TOO_COMPLEX", limit: { name: "complexity" } } },
  ]);
});

test("things by their ids cost as many as there are ids, in a literal and in a variable", async () => {
  const costs: unknown[] = [];
  for (const count of [1, 3]) {
    const ids = Array.from({ length: count }, (_, index) => `gate_${String(index).padStart(26, "0")}`);
    const literal = `{ nodes(ids: ${JSON.stringify(ids)}) { id } }`;
    for (const body of [
      { query: literal },
      { query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables: { ids } },
    ]) {
      const headers = { "content-type": "application/json", "x-graphql-cost": "1" };
      const reply = await fetch(`${app.url}/graphql`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      costs.push(
        ((await reply.json()) as { extensions: { cost: { complexity: number } } }).extensions.cost.complexity,
      );
    }
  }
  expect(costs).toEqual([2, 2, 4, 4]);
});
