import { getNamedType, isLeafType, isObjectType } from "graphql";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { person } from "../access/support/team.ts";
import { makeWorld, World } from "../fuzz/support/world.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { SECRET_AUTH } from "../support/tokens.ts";
import { crowd } from "./support/crowded-world.ts";
import { type Relation, relationsOf, selectRelation, typesOfQueries, valuesOf } from "./support/relations.ts";

let statements = 0;
let counting = false;
const app = useApp({
  config: { auth: SECRET_AUTH, adminSubjects: ["founder"] },
  onStatement: () => {
    // What the job queue does meanwhile is not the query's.
    if (counting) statements += 1;
  },
});
/** Of some relations few things have any: half of them are compared with all. */
const MANY = 8;
const PROJECTS = 5;
/** All ids of the projects that were made, by their types' names. */
const idsByType = new Map<string, string[]>();
let headers: Record<string, string>;

beforeAll(async () => {
  const founder = await person(app, "founder");
  headers = founder.headers;
  const all = new World();
  for (let count = 0; count < PROJECTS; count += 1) {
    const made = await makeWorld(`Product ${count}`, (query, variables) => ask(query, variables));
    all.learn(made.all());
  }
  all.learn((await crowd(app, founder, all.idsFor("projectId"))).all());
  const busy = "{ projects { nodes { artifactGeneration { status } discussions { nodes { activity } } } } }";
  await vi.waitFor(
    async () => expect(JSON.stringify(await ask(busy, {}))).not.toMatch(/RUNNING|"ROUND"|"SUMMARY"/),
    { timeout: 30_000 },
  );
  app.clock.advanceSeconds(15 * 86_400);
  for (const ids of inParts(all.all(), 100)) {
    const { nodes } = await ask<{ nodes: ({ id: string; __typename: string } | null)[] }>(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }",
      { ids },
    );
    for (const node of nodes) {
      if (node) idsByType.set(node.__typename, [...(idsByType.get(node.__typename) ?? []), node.id]);
    }
  }
}, 180_000);

async function ask<Data>(query: string, variables: object): Promise<Data> {
  const { data, errors } = await send<Data, object>(app.url, query, variables, headers);
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return data;
}

async function counted<Data>(query: string, variables: object): Promise<{ data: Data; statements: number }> {
  statements = 0;
  counting = true;
  const data = await ask<Data>(query, variables).finally(() => {
    counting = false;
  });
  return { data, statements };
}

/** `nodes` takes 100 ids, and not those of what is no node of its own. */
function inParts(ids: readonly string[], size: number): string[][] {
  const nodes = ids.filter((id) => !/^(risk|annotation|lease)_/.test(id));
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, part) =>
    nodes.slice(part * size, (part + 1) * size),
  );
}

const RELATIONS = relationsOf(schema);
/** Relations that lead somewhere from fewer than two things of this world, and why. */
const SELDOM: Readonly<Record<string, string>> = {
  "Artifact.failure": "the offline models do not fail",
  "Artifact.lockedSections": "the largest plan locks nothing",
  "ArtifactGeneration.failure": "the offline models do not fail",
  "Discussion.consensusFailure": "the offline models do not fail",
  "Message.failure": "the offline models do not fail",
  "Consensus.agreements": "the offline models of these discussions differ",
  "Agreement.cites": "the offline models of these discussions differ",
  "Consensus.dissent": "they differ without one against all",
  "Dissent.cites": "they differ without one against all",
  "SectionChange.items": "a text that is rewritten is one item",
  "User.usage": "the viewer's alone",
  "Usage.models": "the viewer's alone",
};
/** Enough that both the half and the whole lead somewhere more than once. */
const ENOUGH = 4;

const isSomething = (value: unknown) => value !== null && !(Array.isArray(value) && value.length === 0);

/** From how many things of an answer a relation leads somewhere. */
const leading = (relation: Relation, things: readonly unknown[]) =>
  things.filter((thing) => valuesOf(relation, [thing]).some(isSomething)).length;

/** Ids to ask a relation by, those first from which it leads somewhere. */
async function idsFor(query: string, relation: Relation): Promise<string[]> {
  const first: string[] = [];
  const rest: string[] = [];
  for (const ids of inParts(idsByType.get(relation.path[0]?.type.name ?? "") ?? [], MANY)) {
    if (first.length >= MANY) break;
    const { nodes } = await ask<{ nodes: unknown[] }>(query, { ids });
    for (const [at, id] of ids.entries()) (leading(relation, [nodes[at]]) > 0 ? first : rest).push(id);
    if (relation.name in SELDOM) break;
  }
  return [...first, ...rest].slice(0, Math.max(ENOUGH, Math.min(MANY, first.length)));
}

describe("a relation of many things costs as many statements as of half of them:", () => {
  test.each(RELATIONS.map((relation) => [relation.name, relation] as const))("%s", async (name, relation) => {
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${selectRelation(schema, relation)} } }`;
    const ids = await idsFor(query, relation);
    const half = ids.slice(0, ids.length / 2);
    expect(ids.length).toBeGreaterThanOrEqual(ENOUGH);
    const few = await counted<{ nodes: unknown[] }>(query, { ids: half });
    const many = await counted<{ nodes: unknown[] }>(query, { ids });
    const leads = [few, many].map(({ data }) => leading(relation, data.nodes));
    if (name in SELDOM) expect(leads[1]).toBeLessThan(2);
    else {
      expect(leads[0]).toBeGreaterThan(1);
      expect(leads[1]).toBeGreaterThan(leads[0] ?? 0);
    }
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBeLessThanOrEqual(few.statements);
    expect(many.data.nodes.slice(0, half.length)).toEqual(few.data.nodes);
  });
});

/** The lists that are read without an id, and what their items lead to. */
const LISTS = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((list) => {
  const page = getNamedType(list.type);
  const nodes = isObjectType(page) ? page.getFields().nodes : undefined;
  const item = nodes && getNamedType(nodes.type);
  if (!isObjectType(item)) return [];
  return relationsOf(schema)
    .filter(({ path: [start, next] }) => start?.type === item && next === undefined)
    .map((relation) => [`${list.name}: ${relation.name}`, list.name, relation] as const);
});

describe("a page costs as many statements as one of half its size:", () => {
  test.each(LISTS)("%s", async (_name, list, relation) => {
    const selection = selectRelation(schema, relation);
    const query = `query ($first: Int!) { list: ${list}(first: $first) { totalCount nodes { ${selection} } } }`;
    const few = await counted<{ list: { nodes: unknown[] } }>(query, { first: ENOUGH / 2 });
    const many = await counted<{ list: { nodes: unknown[] } }>(query, { first: ENOUGH });
    expect(many.data.list.nodes).toHaveLength(ENOUGH);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBeLessThanOrEqual(few.statements);
    expect(many.data.list.nodes.slice(0, ENOUGH / 2)).toEqual(few.data.list.nodes);
  });
});

test("every type that leads to something is asked, but for what is no row", () => {
  const asked = new Set(RELATIONS.map(({ path }) => path.at(-1)?.type.name));
  const leading = [...typesOfQueries(schema)].filter((type) =>
    Object.values(type.getFields()).some((field) => !isLeafType(getNamedType(field.type))),
  );
  expect(LISTS.length).toBeGreaterThan(0);
  expect(
    leading
      .map(({ name }) => name)
      .filter((name) => !asked.has(name))
      .sort(),
  ).toEqual(["Query", "RunMachine", "StageMachine", "TimelineVerification", "WorkstreamMachine"]);
});
