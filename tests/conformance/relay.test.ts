/**
 * The Relay server specification, for every Node type and every connection that the schema has, found by introspection:
 * https://relay.dev/graphql/objectidentification.htm and https://relay.dev/graphql/connections.htm.
 */
import { getNamedType, isObjectType } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { schema } from "../../src/schema/index.ts";
import { Founder } from "../api/support/founder.ts";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import {
  CONNECTIONS,
  type ConnectionField,
  identityOf,
  NODE_TYPES,
  neighboursOf,
} from "./support/relay-schema.ts";
import { MANY, makeWorld, TRAFFIC } from "./support/world.ts";

const WORLD = "tests/conformance/support/world.ts";
/** Longer lists are left alone: they would only take more time. */
const MOST = 40;
const app = useApp({ config: { auth: SECRET_AUTH, adminSubjects: ["ada"] } });
const headers = await bearer("ada");
const founder = new Founder(app, headers);

interface Ref {
  readonly __typename: string;
  readonly id: string;
}

interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: Ref }[];
  readonly nodes: readonly Ref[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A list of somebody: the connection and the parent's id, null for the root. */
interface List {
  readonly connection: ConnectionField;
  readonly parentId: string | null;
}

/** Everything that can be reached from the viewer, by its type. */
const found = new Map<string, Set<string>>();

beforeAll(async () => {
  await makeWorld(app, founder);
  await crawl();
  await choose();
}, 60_000);

// biome-ignore lint/suspicious/noExplicitAny: selections are made from the schema
async function ask(query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await send(app.url, query, variables, headers);
  if (errors) throw new Error(`${JSON.stringify(errors)} of ${query}`);
  return data;
}

/** Follows every field that leads to a Node, from the viewer on. */
async function crawl(): Promise<void> {
  let edge: Ref[] = [(await ask("{ viewer { __typename id } }")).viewer];
  while (edge.length > 0) {
    const fresh = edge.filter(({ __typename, id }) => {
      const ids = found.get(__typename) ?? new Set();
      found.set(__typename, ids);
      return !ids.has(id) && ids.add(id);
    });
    edge = [];
    for (let start = 0; start < fresh.length; start += 25) {
      const ids = fresh.slice(start, start + 25);
      const types = [...new Set(ids.map(({ __typename }) => __typename))];
      const selection = types
        .map((type) => [type, neighboursOf(type)])
        .filter(([, fields]) => fields !== "")
        .map(([type, fields]) => `... on ${type} { ${fields} }`);
      const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ${selection.join(" ")} } }`;
      const { nodes } = await ask(query, { ids: ids.map(({ id }) => id) });
      edge.push(...refsIn(nodes));
    }
  }
}

function refsIn(value: unknown): Ref[] {
  if (typeof value !== "object" || value === null) return [];
  if ("id" in value && "__typename" in value) return [value as Ref];
  return Object.values(value).flatMap(refsIn);
}

const idsOf = (type: string): string[] => [...(found.get(type) ?? [])];

/** Some of every type, with their types. */
const samples = (): Ref[] =>
  [...found].flatMap(([__typename, ids]) => [...ids].slice(0, 2).map((id) => ({ __typename, id })));

function pageQuery({ connection, parentId }: List, args: string): string {
  const { parent, field } = connection;
  const given = args === "" ? "" : `(${args})`;
  const item = `{ __typename ${identityOf(connection)} }`;
  const page = `page: ${field.name}${given} {
    totalCount edges { cursor node ${item} } nodes ${item}
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  return parentId === null
    ? `{ ${page} }`
    : `{ node(id: "${parentId}") { ... on ${parent.name} { ${page} } } }`;
}

async function read(list: List, args: string): Promise<Page> {
  const data = await ask(pageQuery(list, args));
  return withoutNesting(list.parentId === null ? data.page : data.node.page);
}

/** A page whose items are told apart by things beside them, as if by ids of their own. */
function withoutNesting(page: Page): Page {
  const flat = ({
    __typename,
    id,
  }: {
    readonly __typename: string;
    readonly id: string | { readonly id: string };
  }) => ({
    __typename,
    id: typeof id === "string" ? id : id.id,
  });
  const plain = (item: Ref) => (typeof item.id === "object" ? flat(item) : item);
  return {
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: plain(node) })),
    nodes: page.nodes.map(plain),
  };
}

const all = (list: List, args = ""): Promise<Page> => read(list, `${args} first: 100`);

/** The lists of a connection that the world has, and that a page can hold whole; the longest first. */
async function listsOf(connection: ConnectionField): Promise<{ list: List; whole: Page }[]> {
  const parents = connection.parent.name === "Query" ? [null] : idsOf(connection.parent.name);
  const lists = parents.map((parentId) => ({ connection, parentId }));
  const read = await Promise.all(lists.map(async (list) => ({ list, whole: await all(list) })));
  return read
    .filter(({ whole }) => whole.totalCount <= MOST)
    .sort((a, b) => b.whole.totalCount - a.whole.totalCount);
}

/** The longest list of each connection, and a cursor of each of the two longest. */
const longestOf = new Map<string, List>();
const cursors = new Set<string>();

async function choose(): Promise<void> {
  for (const connection of CONNECTIONS) {
    const lists = await listsOf(connection);
    if (lists[0] && lists[0].whole.totalCount >= MANY) longestOf.set(connection.name, lists[0].list);
    for (const { whole } of lists.slice(0, 2)) {
      if (whole.pageInfo.endCursor !== null) cursors.add(whole.pageInfo.endCursor);
    }
  }
}

async function longest({ name }: ConnectionField): Promise<{ list: List; whole: Page }> {
  const list = longestOf.get(name);
  if (!list) throw new Error(`No ${name} has ${MANY} items: add some to makeWorld in ${WORLD}.`);
  return { list, whole: await all(list) };
}

const ids = (page: Page): string[] => page.edges.map(({ node }) => node.id);

describe("Node", () => {
  test("is an interface with a non-null id, and node gives it by a non-null ID", () => {
    expect(String(schema.getType("Node"))).toBe("Node");
    const { node, nodes } = schema.getQueryType()?.getFields() ?? {};
    expect([`${node?.type}`, `${node?.args.map(({ name, type }) => `${name}: ${type}`)}`]).toEqual([
      "Node",
      "id: ID!",
    ]);
    expect([`${nodes?.type}`, `${nodes?.args.map(({ name, type }) => `${name}: ${type}`)}`]).toEqual([
      "[Node]!",
      "ids: [ID!]!",
    ]);
    expect(NODE_TYPES.length).toBeGreaterThan(19);
  });

  test.each(NODE_TYPES)("%s: its id gives the same type, with the same id", async (type) => {
    const [id] = idsOf(type);
    if (id === undefined)
      throw new Error(`Nothing in the world is a ${type}: add one to makeWorld in ${WORLD}.`);
    for (const each of idsOf(type).slice(0, 5)) {
      expect(await ask("query ($id: ID!) { node(id: $id) { __typename id } }", { id: each })).toEqual({
        node: { __typename: type, id: each },
      });
    }
  });

  test("nodes gives them in the order of the ids, each where it stands, with null where nothing is", async () => {
    const refs = samples();
    expect(refs.length).toBeGreaterThan(NODE_TYPES.length);
    const wanted = refs.toReversed().flatMap((ref) => [ref, null, ref]);
    for (let start = 0; start < wanted.length; start += 99) {
      const part = wanted.slice(start, start + 99);
      const unknown = (ref: Ref | undefined) =>
        `${ref?.id.split("_")[0] ?? "project"}_01kzzzzzzzfzzsr000000000zz`;
      const asked = part.map((ref, index) => ref?.id ?? unknown(part[index - 1] ?? undefined));
      const { nodes } = await ask("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {
        ids: asked,
      });
      expect(nodes).toEqual(part);
    }
  });

  test("no two things have one id", () => {
    const everything = [...found.values()].flatMap((each) => [...each]);
    expect(new Set(everything).size).toBe(everything.length);
  });
});

test("every connection is known to the tests of its cursors", () => {
  const unknown = CONNECTIONS.map(({ name }) => name).filter((name) => !(name in TRAFFIC));
  expect(unknown, `add how their items come and go to TRAFFIC in ${WORLD}`).toEqual([]);
  const guarded = CONNECTIONS.filter(({ field }) => "pagedList" in field.extensions);
  expect(
    CONNECTIONS.filter((each) => !guarded.includes(each)).map(({ name }) => name),
    "give them `extensions: relatedList(…)` of src/schema/paged-list.ts: without it they take foreign cursors",
  ).toEqual([]);
});

describe.each(
  CONNECTIONS.map((connection) => [connection.name, connection] as const),
)("%s", (name, connection) => {
  test("has the types and arguments of a connection", () => {
    const { field } = connection;
    const args = Object.fromEntries(field.args.map((arg) => [arg.name, String(arg.type)]));
    expect(args).toMatchObject({ first: "Int", after: "String", last: "Int", before: "String" });
    const type = getNamedType(field.type);
    if (!isObjectType(type)) throw new Error(`${type} is an object.`);
    const { edges, pageInfo } = type.getFields();
    expect(String(pageInfo?.type)).toBe("PageInfo!");
    const edge = edges && getNamedType(edges.type);
    if (!isObjectType(edge)) throw new Error(`${edge} is an object.`);
    expect(String(edges?.type)).toBe(`[${edge.name}!]!`);
    expect(edge.name).toMatch(/Edge$/);
    expect(String(edge.getFields().cursor?.type)).toBe("String!");
    expect(String(edge.getFields().node?.type)).toMatch(/^\w+!$/);
    const info = schema.getType("PageInfo");
    const fields = isObjectType(info) ? Object.values(info.getFields()) : [];
    expect(Object.fromEntries(fields.map((each) => [each.name, String(each.type)]))).toEqual({
      hasNextPage: "Boolean!",
      hasPreviousPage: "Boolean!",
      startCursor: "String",
      endCursor: "String",
    });
  });

  test("gives all its items, in one order, page by page forwards and backwards, and says truly what lies beyond", async () => {
    const { list, whole } = await longest(connection);
    const cursors = whole.edges.map(({ cursor }) => cursor);
    expect(whole.totalCount).toBe(whole.edges.length);
    expect(new Set(cursors).size).toBe(cursors.length);
    for (let start = 0; start < cursors.length; start += 4) {
      const after = start === 0 ? "" : `after: "${cursors[start - 1]}"`;
      expectPage(await read(list, `first: 4 ${after}`), whole, start, Math.min(start + 4, cursors.length));
    }
    for (let end = cursors.length; end > 0; end -= 4) {
      const before = end === cursors.length ? "" : `before: "${cursors[end]}"`;
      expectPage(await read(list, `last: 4 ${before}`), whole, Math.max(end - 4, 0), end);
    }
  });

  test("gives empty pages at its ends, with null cursors", async () => {
    const { list, whole } = await longest(connection);
    const { startCursor, endCursor } = whole.pageInfo;
    const { length } = whole.edges;
    expectPage(await read(list, "first: 0"), whole, 0, 0);
    expectPage(await read(list, "last: 0"), whole, length, length);
    expectPage(await read(list, `first: 2 after: "${endCursor}"`), whole, length, length);
    expectPage(await read(list, `last: 2 before: "${startCursor}"`), whole, 0, 0);
  });

  test("refuses sizes and cursors that are none, and both ends at once", async () => {
    const { list, whole } = await longest(connection);
    const cursor = JSON.stringify(whole.edges[1]?.cursor);
    for (const args of [
      "first: 1, last: 1",
      "first: -1",
      "last: -1",
      "first: 101",
      "last: 101",
      'after: ""',
      'after: "nothing"',
      'before: "R1BDOlM6eA=="',
      `first: 1, before: ${cursor}`,
      `last: 1, after: ${cursor}`,
      `after: ${cursor}, before: ${cursor}`,
    ]) {
      const { errors } = await send(app.url, pageQuery(list, args), {}, headers);
      expect(errors, args).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });

  test("refuses the cursors of every other list, in both directions", async () => {
    const { list, whole } = await longest(connection);
    const own = new Set(whole.edges.map(({ cursor }) => cursor));
    let tried = 0;
    for (const cursor of cursors) {
      if (own.has(cursor) || (await isOfItsLog(list, cursor))) continue;
      tried += 1;
      for (const end of ["after", "before"]) {
        const { errors } = await send(
          app.url,
          pageQuery(list, `${end}: ${JSON.stringify(cursor)}`),
          {},
          headers,
        );
        expect(errors, cursor).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
      }
      // Also where no page is read by it.
      const { parent, field } = connection;
      const count = `${field.name}(after: ${JSON.stringify(cursor)}) { totalCount }`;
      const query = list.parentId
        ? `{ node(id: "${list.parentId}") { ... on ${parent.name} { ${count} } } }`
        : `{ ${count} }`;
      const { errors } = await send(app.url, query, {}, headers);
      expect(errors, cursor).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
    expect(tried).toBeGreaterThan(CONNECTIONS.length);
  });

  test.each([
    ["forwards", { size: "first", next: "after" }],
    ["backwards", { size: "last", next: "before" }],
  ] as const)("read %s, gives each item once while items come and go between the pages", async (_way, way) => {
    const traffic = TRAFFIC[name];
    if (!traffic) throw new Error(`There is no ${name} in TRAFFIC of ${WORLD}.`);
    const { args = "" } = traffic;
    const { list } = await longest(connection);
    for (let added = 0; added < 4; added += 1) await traffic.join(founder, list.parentId ?? "");
    const before = ids(await all(list, args));
    const seen: string[] = [];
    const gone = new Set<string>();
    let cursor: string | null = null;
    for (;;) {
      const page: Page = await read(
        list,
        `${args} ${way.size}: 2 ${cursor === null ? "" : `${way.next}: "${cursor}"`}`,
      );
      if (way.size === "first") seen.push(...ids(page));
      else seen.unshift(...ids(page));
      const more = way.size === "first" ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
      cursor = way.size === "first" ? page.pageInfo.endCursor : page.pageInfo.startCursor;
      if (!more) break;
      const last = way.size === "first" ? page.edges.at(-1) : page.edges[0];
      if (seen.length > before.length + 10) throw new Error("It goes in circles.");
      // One comes; and the very item goes whose cursor is the next page's.
      if (seen.length < 5) {
        await traffic.join(founder, list.parentId ?? "");
        await traffic.leave?.(founder, last?.node.id ?? "", list.parentId ?? "");
        const left = new Set(ids(await all(list, args)));
        for (const id of before) if (!left.has(id)) gone.add(id);
      }
    }
    expect(new Set(seen).size).toBe(seen.length);
    // What was there all the time has been seen, in its order; what went may have been, what came too.
    const stayed = before.filter((id) => !gone.has(id));
    expect(seen.filter((id) => stayed.includes(id))).toEqual(stayed);
    expect(gone.size > 0).toBe(traffic.leave !== undefined);
  });
});

/** That a page is the part of a list from `start` up to `end`, and says so. */
function expectPage(page: Page, whole: Page, start: number, end: number): void {
  const edges = whole.edges.slice(start, end);
  expect(page.edges).toEqual(edges);
  expect(page.nodes).toEqual(edges.map(({ node }) => node));
  expect(page.totalCount).toBe(whole.totalCount);
  expect(page.pageInfo).toEqual({
    hasNextPage: end < whole.edges.length,
    hasPreviousPage: start > 0,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  });
}

/** A run's timeline is a part of its project's log, and takes every cursor of that: `startCursor` is one of them. */
async function isOfItsLog({ connection, parentId }: List, cursor: string): Promise<boolean> {
  if (connection.name !== "Run.timeline") return false;
  const after = JSON.stringify(cursor);
  const log = `project { events(first: 0 after: ${after}) { totalCount } }`;
  const { errors } = await send(
    app.url,
    `{ node(id: "${parentId}") { ... on Run { ${log} } } }`,
    {},
    headers,
  );
  return errors === undefined;
}
