import { PrismaPg } from "@prisma/adapter-pg";
import fc from "fast-check";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createPrismaClient } from "../../src/db/client.ts";
import type { Database } from "../../src/db/database.ts";
import { schema } from "../../src/schema/index.ts";
import { drawFrom } from "../fuzz/support/draw.ts";
import { OperationWriter, rootOf } from "../fuzz/support/operation.ts";
import { makeWorld, type World } from "../fuzz/support/world.ts";
import { useApp } from "../support/app.ts";

/** One server as it is, and one that takes every read the long way, on the same rows. */
const short = useApp();
const long = useApp(() => ({
  database: withoutJsonAgg(short.database),
  clock: short.clock,
  shortcuts: false,
}));
let world: World;

function withoutJsonAgg(database: Database): Database {
  const { driver } = database;
  const adapter = driver.kind === "pglite" ? new PrismaPGlite(driver.pglite) : new PrismaPg(driver.pool);
  return { ...database, prisma: createPrismaClient(adapter, { jsonAgg: false }), close: async () => {} };
}

beforeAll(async () => {
  world = await makeWorld("Ledger", async (query, variables) => {
    const { data } = JSON.parse(await post(short.url, { query, variables }));
    return data;
  });
  // What models write must be written: both servers are to read the same.
  const busy = `{ projects { nodes { artifactGeneration { status } discussions { nodes { activity } } } } }`;
  await vi.waitFor(
    async () => expect(await post(short.url, { query: busy })).not.toMatch(/RUNNING|"ROUND"|"SUMMARY"/),
    { timeout: 20_000 },
  );
}, 60_000);

interface Asked {
  readonly query: string;
  readonly variables?: object;
  readonly operationName?: string | null;
}

const CORRELATION_ID = "01900000-0000-7000-8000-00000000cafe";

async function answer(url: string, asked: Asked) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-correlation-id": CORRELATION_ID },
    body: JSON.stringify(asked),
  });
  const { date: _date, "keep-alive": _keepAlive, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text() };
}

async function post(url: string, asked: Asked): Promise<string> {
  return (await answer(url, asked)).body;
}

/** Asks the server twice, the second time with the query known, and the other one once: all three answers. */
async function threeAnswers(asked: Asked) {
  const first = await answer(short.url, asked);
  const known = await answer(short.url, asked);
  return { first, known, long: await answer(long.url, asked) };
}

const id = (name: string) => world.idsFor(name).at(-1) ?? "";
const P = "query ($id: ID!) { project(id: $id)";

const CORPUS: Readonly<Record<string, readonly [query: string, variables?: () => object]>> = {
  "one project": [
    `${P} { id name description stage stages { id title } } }`,
    () => ({ id: id("projectId") }),
  ],
  "nobody's project": [`${P} { id } }`, () => ({ id: "project_01h455vb4pex5vsknk084sn02q" })],
  "an id of something else": [`${P} { id } }`, () => ({ id: id("gateId") })],
  "no variables": [`${P} { id } }`],
  "a variable of the wrong type": [`${P} { id } }`, () => ({ id: [1, 2] })],
  nulls: [
    "{ projects { nodes { archivedAt suggestedFocus { message } discussions { nodes { failure completedAt consensus { id } } } } } }",
  ],
  "aliases of one relation": [
    "{ projects { nodes { a: stages { id } b: stages { title milestones { key completedAt } } stages { version } } } }",
  ],
  "aliases with different arguments": [
    "{ projects { nodes { one: gates(first: 1) { totalCount nodes { id } } decided: gates(status: DECIDED) { totalCount nodes { decision decidedAt } } all: gates { nodes { id options { decision allowed } } } } } }",
  ],
  "a field twice": ["{ projects { nodes { stages { id } } nodes { stages { title } id } } }"],
  fragments: [
    "query { projects { ...Page } } fragment Page on ProjectConnection { nodes { ...P ...P } } fragment P on Project { id ... { name } ... on Node { id } }",
  ],
  "__typename everywhere": [
    "{ __typename projects { __typename nodes { __typename stages { __typename } events(last: 2) { __typename nodes { __typename } } } } }",
  ],
  "edges, cursors and page info": [
    "{ projects(first: 1) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id events(last: 3) { pageInfo { hasPreviousPage startCursor } edges { cursor node { sequence } } } } } } }",
  ],
  "a page after a cursor, and one before": [
    'query ($c: String) { node(id: "$ID") { ... on Project { after: events(first: 2, after: $c) { nodes { sequence } } before: events(last: 2, before: $c) { totalCount nodes { sequence } } } } }',
    () => ({ c: world.cursors[3] }),
  ],
  "counts alone": [
    "{ projects { totalCount nodes { gates { totalCount } runs { totalCount } discussions { totalCount } } } }",
  ],
  "the events of an interface": [
    "{ projects { nodes { events(first: 100) { nodes { id type detail createdAt reason ... on GateEvent { gate { id status context } } ... on RunEvent { toState run { title graph } } ... on StageEvent { fromStage toStage } ... on ArtifactEvent { artifact { type json } version } ... on DiscussionEvent { round { scores { model } } message { content failure { message } } } } } } } }",
  ],
  "nodes of many types": [
    '{ nodes(ids: ["$ID", "$ID", "project_01h455vb4pex5vsknk084sn02q"]) { id __typename ... on Project { name owner { isAdmin usage { tokens } } } } }',
  ],
  "a node that is none": ['{ node(id: "nonsense") { id } }'],
  "a page that is too large": ["{ projects(first: 1000) { nodes { id } } }"],
  "an error beside data": ["{ a: projects { totalCount } b: projects(first: -1) { totalCount } }"],
  "documents with their content": [
    "{ projects { nodes { artifacts { type content { __typename ... on Brief { targetUser } } lockedSections { section } changes { section } annotations { note } } markdown } } }",
  ],
  "machines and plans": [
    "{ stageMachine { states transitions { from to } mermaid } planTiers { plan tokensPerDay } viewer { id plan: planTier { name } } }",
  ],
  "computed fields": [
    "{ projects { nodes { stageTransitions { to allowed blockers { rule message } } systemRisks { kind } suggestedFocus { kind subject } endCursor stages { risks { id message } suggestedFocus { kind } } } } }",
  ],
  runs: [
    "{ projects { nodes { runs { nodes { status startCursor endCursor workstreamCounts { status count } errorGroups { count members { samples } } workstreams { nodes { key dependsOn { key } steps attempts { nodes { result } } } } } } } } }",
  ],
  "skip and include": [
    "query ($yes: Boolean = true) { projects { nodes { id @skip(if: $yes) name @include(if: $yes) ... @include(if: true) { version } } } }",
  ],
  introspection: [
    '{ __schema { queryType { name } } __type(name: "Project") { name } projects { nodes { id } } }',
  ],
};

describe("the answer is the same with every shortcut off, byte for byte:", () => {
  test.each(Object.entries(CORPUS))("%s", async (_name, [query, variables]) => {
    const asked = {
      query: query.replaceAll("$ID", id("projectId")),
      ...(variables && { variables: variables() }),
    };
    const { first, known, long } = await threeAnswers(asked);
    expect(known).toEqual(first);
    expect(first).toEqual(long);
  });

  test("queries that are generated from the schema", async () => {
    const property = fc.asyncProperty(fc.gen(), async (generate) => {
      const writer = new OperationWriter(drawFrom(generate), schema, world);
      const { kind: _kind, ...asked } = writer.operation(
        "query",
        writer.fields(rootOf(schema, "query"), 0, new Set()),
      );
      const { first, known, long } = await threeAnswers(asked);
      expect(known, asked.query).toEqual(first);
      expect(first, asked.query).toEqual(long);
    });
    await fc.assert(property, { numRuns: 300, endOnFailure: true });
  }, 120_000);

  test("what commands give back", async () => {
    const input = { projectId: id("projectId"), type: "market", message: "Nobody.", stage: "THESIS_DEFINED" };
    const query = `mutation ($input: RaiseRiskInput!) { raiseRisk(input: $input) { __typename ... on RaiseRiskSuccess {
      risk { id message } stageConfig { id risks { id } project { id name stages { title } } }
      events { id type detail project { id } ... on RiskEvent { risk { message } } } } ... on Error { message } } }`;
    // With its key the second server gives the first one's result, read again.
    const asked = (key: string, changes: object = {}) => ({
      query,
      variables: { input: { ...input, ...changes, idempotencyKey: key } },
    });
    const answers = await threeAnswers(asked("first"));
    expect(answers.first.body).toContain("RaiseRiskSuccess");
    expect(answers.known).toEqual(answers.first);
    expect(answers.first).toEqual(answers.long);

    /** What the quick way is the first to carry out, and the other server reads again. */
    const carriedOut = await answer(short.url, asked("second", { message: "Somebody." }));
    expect(carriedOut.body).toContain("Somebody.");
    expect(carriedOut).toEqual(await answer(long.url, asked("second", { message: "Somebody." })));

    const refused: Readonly<Record<string, Asked>> = {
      IdempotencyMismatchError: asked("second", { message: "Another." }),
      NotFoundError: asked("third", { projectId: "project_01h455vb4pex5vsknk084sn02q" }),
      ValidationError: asked("fourth", { message: "" }),
      "must be the id of a project": asked("fifth", { projectId: id("gateId") }),
      "not to be null": asked("sixth", { stage: null }),
    };
    for (const [error, command] of Object.entries(refused)) {
      const quick = await answer(short.url, command);
      expect(quick.body).toContain(error);
      expect(quick).toEqual(await answer(long.url, command));
    }
  });
});

test("a query that is known fails as one that is not, and succeeds again", async () => {
  const query = "query ($first: Int!) { projects(first: $first) { nodes { id } } }";
  const good = await threeAnswers({ query, variables: { first: 1 } });
  const bad = await threeAnswers({ query, variables: { first: 101 } });
  expect(bad.known).toEqual(bad.long);
  expect(bad.known.body).toContain("must be between 0 and 100");
  expect(await answer(short.url, { query, variables: { first: 1 } })).toEqual(good.long);
});

test("a query that is known is refused when its variables make it cost too much, and tells its cost", async () => {
  const query = `query ($first: Int!) { projects(first: $first) { nodes { runs(first: $first) { nodes {
    workstreams(first: $first) { nodes { attempts(first: $first) { nodes { id } } } } } } } } }`;
  const good = await threeAnswers({ query, variables: { first: 1 } });
  expect(good.known).toEqual(good.long);
  const bad = await threeAnswers({ query, variables: { first: 100 } });
  expect(bad.known).toEqual(bad.long);
  expect(bad.known.body).toContain("complexity");
  const headers = { "content-type": "application/json", "x-graphql-cost": "1" };
  const body = JSON.stringify({ query, variables: { first: 1 } });
  const told = await fetch(`${short.url}/graphql`, { method: "POST", headers, body });
  expect(await told.json()).toHaveProperty("extensions.cost.complexity");
});
