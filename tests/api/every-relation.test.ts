import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { makeWorld, World } from "../fuzz/support/world.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";

let statements = 0;
let counting = false;
const app = useApp({
  onStatement: () => {
    // What the job queue does meanwhile is not the query's.
    if (counting) statements += 1;
  },
});
/** Of some relations few things have any: half of them are compared with all. */
const MANY = 20;
/**
 * One viewer, who has invited nobody and has no key; and what comes of a discussion's summary and of a stopped workstream,
 * of which this world has none.
 */
const FEW_OF_THEM = ["User", "ApiKey", "ProjectInvitation", "Consensus", "Escalation", "EscalationEvent"];
const PROJECTS = 5;
/** All ids of the projects that were made, by their types' names. */
const idsByType = new Map<string, string[]>();

beforeAll(async () => {
  const all = new World();
  for (let count = 0; count < PROJECTS; count += 1) {
    const made = await makeWorld(`Product ${count}`, async (query, variables) => {
      const { data } = await send<unknown, object>(app.url, query, variables);
      return data;
    });
    all.learn(made.all());
  }
  const busy = "{ projects { nodes { artifactGeneration { status } discussions { nodes { activity } } } } }";
  await vi.waitFor(
    async () =>
      expect(JSON.stringify((await send(app.url, busy)).data)).not.toMatch(/RUNNING|"ROUND"|"SUMMARY"/),
    { timeout: 30_000 },
  );
  for (const part of inParts(all.all())) {
    const { data } = await send<{ nodes: ({ id: string; __typename: string } | null)[] }, object>(
      app.url,
      "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }",
      { ids: part },
    );
    for (const node of data?.nodes ?? []) {
      if (node) idsByType.set(node.__typename, [...(idsByType.get(node.__typename) ?? []), node.id]);
    }
  }
}, 120_000);

/** `nodes` takes 100 ids, and not those of what is no node of its own. */
function inParts(ids: readonly string[]): string[][] {
  const nodes = ids.filter((id) => !/^(risk|annotation|lease)_/.test(id));
  return Array.from({ length: Math.ceil(nodes.length / 100) }, (_, part) =>
    nodes.slice(part * 100, (part + 1) * 100),
  );
}

/** Every type that `node` gives, and its fields that lead to something else: a list of pairs, from the schema itself. */
const RELATIONS = schema.getPossibleTypes(schema.getType("Node") as never).flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => !isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .map((field) => [`${type.name}.${field.name}`, type, field] as const),
);

/** What can be read of a field's value by itself, and of its items where it is a page. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (isAbstractType(type)) {
    const each = schema
      .getPossibleTypes(type)
      .map((possible) => `... on ${possible.name} { __typename ${leaves(possible)} }`);
    return `{ __typename ${each.join(" ")} }`;
  }
  if (!isObjectType(type)) throw new Error(`${field.name} is a ${type}.`);
  const nodes = type.getFields().nodes;
  if (!nodes) return `{ __typename ${leaves(type)} }`;
  return `{ totalCount pageInfo { hasNextPage } nodes ${selectionOf(nodes)} }`;
}

/** Its columns, and what is computed from them: under its type's name, so that two types may differ in one. */
function leaves(type: GraphQLObjectType): string {
  return (
    Object.values(type.getFields())
      .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
      // Whole documents and graphs cost what they are worth: a hundred of them are refused.
      .filter(({ name }) => !["graph", "markdown", "json"].includes(name))
      .map(({ name }) => `${type.name}_${name}: ${name}`)
      .join(" ")
  );
}

async function read(ids: readonly string[], type: GraphQLObjectType, field: GraphQLField<unknown, unknown>) {
  const selection = `... on ${type.name} { ${field.name} ${selectionOf(field)} }`;
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`;
  statements = 0;
  counting = true;
  const { data, errors } = await send<{ nodes: unknown[] }, object>(app.url, query, { ids });
  counting = false;
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return { nodes: data.nodes, statements };
}

describe("a relation of many things costs as many statements as of half of them:", () => {
  test.each(RELATIONS)("%s", async (_name, type, field) => {
    const ids = (idsByType.get(type.name) ?? []).slice(0, MANY);
    const half = ids.slice(0, Math.ceil(ids.length / 2));
    if (!FEW_OF_THEM.includes(type.name)) expect(ids.length).toBeGreaterThan(3);
    if (ids.length === 0) return;
    const few = await read(half, type, field);
    const many = await read(ids, type, field);
    expect(few.statements).toBeGreaterThan(0);
    expect(many.statements).toBeLessThanOrEqual(few.statements);
    expect(many.nodes.slice(0, half.length)).toEqual(few.nodes);
  });

  test("and every type that node gives is among them", () => {
    const types = new Set(RELATIONS.map(([, { name }]) => name));
    const made = new Set([...idsByType.keys(), ...FEW_OF_THEM]);
    expect([...types].sort()).toEqual([...made].sort());
  });
});
