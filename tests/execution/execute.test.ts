import {
  buildSchema,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  parse,
} from "graphql";
import { describe, expect, onTestFinished, test } from "vitest";
import { execute, prepare } from "../../src/execution/execute.ts";
import type { FieldHints } from "../../src/execution/hints.ts";

const SDL = `
  type Query { items: [Item] strict: [Item!] now: Int me: Int }
  type Mutation { add(by: Int!): Int! fail: Int }
  type Item { name: String owner: Item count: Int! }
`;
type Resolvers = Readonly<Record<string, Readonly<Record<string, GraphQLFieldResolver<never, never>>>>>;

function schemaWith(resolvers: Resolvers, hints: Readonly<Record<string, FieldHints>> = {}): GraphQLSchema {
  const schema = buildSchema(SDL);
  const fieldOf = (type: string, field: string) =>
    (schema.getType(type) as GraphQLObjectType).getFields()[field] as {
      resolve: unknown;
      extensions: object;
    };
  for (const [type, fields] of Object.entries(resolvers)) {
    for (const [field, resolve] of Object.entries(fields)) fieldOf(type, field).resolve = resolve;
  }
  for (const [name, hint] of Object.entries(hints)) {
    const [type = "", field = ""] = name.split(".");
    fieldOf(type, field).extensions = hint;
  }
  return schema;
}

const ask = (schema: GraphQLSchema, query: string, more: object = {}) =>
  execute({ schema, document: parse(query), ...more });

describe("lists", () => {
  test("may be async iterables, and their failure is the field's", async () => {
    async function* items() {
      yield { name: "a" };
      yield null;
      yield { name: "b" };
    }
    async function* failing() {
      yield { name: "a" };
      throw new Error("no more");
    }
    const query = "{ items { name } }";
    expect(await ask(schemaWith({ Query: { items } }), query)).toEqual({
      data: { items: [{ name: "a" }, null, { name: "b" }] },
    });
    expect(await ask(schemaWith({ Query: { items: failing } }), query)).toMatchObject({
      data: { items: null },
      errors: [{ message: "no more", path: ["items"] }],
    });
  });

  test("leave no rejection unhandled when an item fails at once and others fail later", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    const later = async () => {
      await undefined;
      throw new Error("later");
    };
    const strict = () => [later(), null, later(), { name: later, count: 1 }];
    const result = await ask(schemaWith({ Query: { strict } }), "{ strict { name } now }");
    expect(result).toMatchObject({
      data: { strict: null, now: null },
      errors: [{ message: "Cannot return null for non-nullable field Query.strict.", path: ["strict", 1] }],
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});

describe("mutations", () => {
  test("are carried out one after the other, and those behind a failure are not begun", async () => {
    const done: string[] = [];
    const add = async (_root: unknown, { by }: { by: number }) => {
      done.push(`begin ${by}`);
      await undefined;
      done.push(`end ${by}`);
      if (by === 2) throw new Error("two");
      return by;
    };
    const query = "mutation { a: add(by: 1) b: add(by: 2) c: add(by: 3) }";
    const result = await ask(schemaWith({ Mutation: { add } }), query);
    expect(result).toMatchObject({ data: null, errors: [{ message: "two", path: ["b"] }] });
    expect(done).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });
});

describe("an abort signal", () => {
  test("ends an execution that waits, and nothing further is asked", async () => {
    const abort = new AbortController();
    const asked: string[] = [];
    const gate = Promise.withResolvers<object[]>();
    const schema = schemaWith({
      Query: { items: () => gate.promise },
      Item: { name: () => void asked.push("name") },
    });
    const result = ask(schema, "{ items { name } }", { signal: abort.signal });
    abort.abort(new Error("gone"));
    await expect(result).rejects.toThrow("gone");
    gate.resolve([{}]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual([]);
  });

  test("that has been given before is thrown, and no resolver is called", () => {
    let asked = 0;
    const schema = schemaWith({ Query: { now: () => ++asked } });
    expect(() => ask(schema, "{ now }", { signal: AbortSignal.abort(new Error("gone")) })).toThrow("gone");
    expect(asked).toBe(0);
  });
});

describe("hints", () => {
  const refuses = () => {
    throw new Error("The resolver was asked.");
  };
  const hints: Readonly<Record<string, FieldHints>> = {
    "Item.name": {
      readSource: { properties: ["name"], read: (item) => (item as { name: unknown }).name },
      ofSourceAlone: true,
    },
    "Item.owner": { sourceProperty: "owner" },
  };

  test("have fields read from their source, and the resolver is asked where something is missing", async () => {
    const items = () => [{ name: "a", owner: { name: "b" } }, { name: null, owner: null }, {}];
    const schema = schemaWith({ Query: { items }, Item: { name: refuses, owner: refuses } }, hints);
    const result = await ask(schema, "{ items { name owner { name } } }");
    expect(result.data).toEqual({
      items: [
        { name: "a", owner: { name: "b" } },
        { name: null, owner: null },
        { name: null, owner: null },
      ],
    });
    expect(result.errors?.map(({ path }) => path)).toEqual([
      ["items", 2, "name"],
      ["items", 2, "owner"],
    ]);
  });

  test("give the errors that resolvers would give, with their paths", async () => {
    const items = () => [{ name: {}, owner: { name: {}, count: null } }];
    const query = "{ items { name owner { name } } }";
    const hinted = await ask(schemaWith({ Query: { items } }, hints), query);
    const plain = await ask(schemaWith({ Query: { items } }), query);
    expect(JSON.stringify(hinted)).toBe(JSON.stringify(plain));
    expect(plain.errors).toHaveLength(2);
  });

  test("say which results may be shared: those that asked of nothing but their root value", () => {
    const schema = schemaWith({ Query: { me: (_root, _args, context: number) => context } } as Resolvers, {
      "Query.now": { ofSourceAlone: true },
    });
    const share = (query: string, variableValues = {}) => {
      const prepared = prepare({ schema, document: parse(query), contextValue: 7, variableValues });
      if ("errors" in prepared) throw prepared.errors[0];
      return prepared.execute({ now: 1 });
    };
    expect(share("{ now __typename }")).toEqual({
      result: { data: { now: 1, __typename: "Query" } },
      isShareable: true,
    });
    expect(share("{ now me }")).toMatchObject({ result: { data: { me: 7 } }, isShareable: false });
    const skipping = "query ($no: Boolean!) { now @include(if: $no) __typename }";
    expect(share(skipping, { no: false })).toEqual({
      result: { data: { __typename: "Query" } },
      isShareable: false,
    });
  });
});

test("an operation that is not there, and variables that do not fit, are told without anything being executed", () => {
  let asked = 0;
  const schema = schemaWith({ Query: { now: () => ++asked } });
  const document = parse("query A { now } query B($n: Int!) { now }");
  const errorsOf = (args: object) => (execute({ schema, document, ...args }) as ExecutionResult).errors;
  expect(errorsOf({})).toMatchObject([{ message: expect.stringMatching("Must provide operation name") }]);
  expect(errorsOf({ operationName: "C" })).toMatchObject([{ message: 'Unknown operation named "C".' }]);
  expect(errorsOf({ operationName: "B" })).toMatchObject([{ message: expect.stringMatching(/\$n/) }]);
  expect(asked).toBe(0);
});
