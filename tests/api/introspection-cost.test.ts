import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { subscribe } from "../support/subscription.ts";

const app = useApp();

const ALL = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
};
const FULL = getIntrospectionQuery(ALL);
const TYPES_TWICE = `query { __schema { ...S } again: __schema { ...S } } fragment S on __Schema { types { name } }`;

async function ask(query: string, variables: object = {}) {
  const headers = { "content-type": "application/json", "x-graphql-cost": "1" };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${app.url}/graphql`, { method: "POST", headers, body });
  return { status: response.status, ...((await response.json()) as Answer) };
}

interface Answer {
  readonly data?: object;
  readonly errors?: readonly { readonly extensions: Record<string, unknown> }[];
  readonly extensions: { readonly cost: { complexity: number; depth: number; breadth: number } };
}

/** How many fields an answer has. */
function countFields(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, each) => sum + countFields(each), own);
}

test.each([
  ["every option of graphql-js", FULL],
  ["what tools ask unless told", getIntrospectionQuery()],
  ["an older tool", getIntrospectionQuery({ descriptions: false, typeDepth: 7 })],
])("full introspection with %s is answered, and costs each field of its answer", async (_name, query) => {
  const { status, data, errors, extensions } = await ask(query);
  expect([status, errors]).toEqual([200, undefined]);
  expect(extensions.cost.complexity).toBe(countFields(data));
});

test("full introspection leaves the schema room to grow: it costs at most three quarters of what is allowed", async () => {
  expect((await ask(FULL)).extensions.cost.complexity).toBeLessThan(37_500);
});

test.each([
  ["a type with a long list", '{ __type(name: "Mutation") { fields { name args { name } } } }', {}],
  ["a type with none", '{ __type(name: "DateTime") { fields { name } kind } }', {}],
  ["a type that is not there", '{ __type(name: "Nothing") { name } }', {}],
  ["a variable's type", "query ($n: String!) { __type(name: $n) { enumValues { name } } }", { n: "Plan" }],
  ["fragments, spread and inline", TYPES_TWICE, {}],
  ["introspection beside data", "{ viewer { id } __schema { ... { queryType { __typename } } } }", {}],
])("%s costs the fields of its answer", async (_name, query, variables) => {
  const { data, errors, extensions } = await ask(query, variables);
  expect(errors).toBeUndefined();
  expect(extensions.cost.complexity).toBe(countFields(data));
});

test("the depth and the breadth of introspection are told as those of any other selection", async () => {
  const { extensions } = await ask("{ __schema { queryType { name kind } } viewer { id } }");
  expect(extensions.cost).toMatchObject({ depth: 3, breadth: 6 });
});

test("the schema is asked for at the root alone, where it is weighed: no field leads back to Query", async () => {
  const query = "{ __schema { types { fields { name type { name ofType { name ofType { name } } } } } } }";
  expect(JSON.stringify((await ask(query)).data)).not.toContain('"Query"');
});

const aliased = (times: number, field: string) =>
  Array.from({ length: times }, (_, index) => `a${index}: ${field}`).join(" ");
const BOMBS: readonly [name: string, query: string][] = [
  ["fields under 90 aliases", `{ __schema { types { ${aliased(90, "fields { name description }")} } } }`],
  ["the types under 90 aliases", `{ __schema { ${aliased(90, "types { fields { name } }")} } }`],
  [
    "the schema under three aliases",
    FULL.replace(/__schema (\{.*?\n {6}\})/s, "a: __schema $1 b: __schema $1 c: __schema $1"),
  ],
  [
    "the fields of the fields' types",
    `{ __schema { types { ${aliased(20, "fields { type { ofType { fields { name } } } }")} } } }`,
  ],
  [
    "one fragment, 30 times",
    `{ __schema { types { ${"... { ...F } ".repeat(30)} } } } fragment F on __Type { fields { name description } }`,
  ],
];

test.each(BOMBS)("%s are refused before they run, over HTTP and WebSocket", async (_name, query) => {
  const refusal = {
    message: "The operation's complexity is more than 50000; at most 50000 is allowed.",
    extensions: { code: "QUERY_TOO_COMPLEX", limit: { name: "complexity", max: 50_000 } },
  };
  const { status, data, errors } = await ask(query);
  expect([status, data]).toEqual([400, undefined]);
  expect(errors).toMatchObject([refusal]);
  const stream = await subscribe("WebSocket", app.url, query);
  expect((await stream.next())?.errors).toMatchObject([refusal]);
});
