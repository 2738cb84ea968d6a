import { getIntrospectionQuery } from "graphql";
import { describe, expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";

/** What graphql-js would answer with a name that looks like the one that was sent. */
const MISSPELT: readonly [what: string, body: { query: string; variables?: object }][] = [
  ["a field", { query: "{ helo }" }],
  ["an argument", { query: '{ echo(txt: "a") }' }],
  ["an argument of a directive", { query: "{ hello @skip(iff: true) }" }],
  ["a type", { query: "query ($v: Colr) { paint(color: $v) }" }],
  ["a fragment's type", { query: "{ ...F } fragment F on Quer { hello }" }],
  ["an enum value", { query: "{ paint(color: GREN) }" }],
  ["an enum value as a string", { query: '{ paint(color: "GREEN") }' }],
  ["an input's field", { query: "{ paint(paint: { colr: RED }) }" }],
  ["a variable's enum value", { query: "query ($v: Color) { paint(color: $v) }", variables: { v: "GREN" } }],
  [
    "an input's field in a variable",
    { query: "query ($v: Paint) { paint(paint: $v) }", variables: { v: { colr: "RED" } } },
  ],
  [
    "an input's enum value in a variable",
    { query: "query ($v: Paint) { paint(paint: $v) }", variables: { v: { color: "GREN" } } },
  ],
  ["a selection that is missing", { query: "{ self }" }],
];

describe("without introspection", () => {
  it.each([
    ["__schema", getIntrospectionQuery()],
    ["__type", '{ __type(name: "Query") { name } }'],
    ["__schema in a fragment", "{ ...F } fragment F on Query { __schema { types { name } } }"],
  ])("%s is refused over HTTP and WebSocket", async (_name, query) => {
    const { url } = await startServer({ introspection: false });
    const reply = await post(url, { query }, { accept: "application/graphql-response+json" });
    expect(reply.status).toBe(400);
    expect(reply.json.errors[0]).toMatchObject({
      message: expect.stringContaining("introspection has been disabled"),
      extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
    });
    const socket = await new TestSocket(url).connect();
    socket.subscribe("i", query);
    expect((await socket.next("error", "i")).payload[0].message).toContain("introspection has been disabled");
  });

  it("__typename is still told: clients need it to tell errors apart", async () => {
    const { url } = await startServer({ introspection: false });
    expect((await post(url, { query: "{ __typename }" })).json).toEqual({ data: { __typename: "Query" } });
  });

  it.each(MISSPELT)("nothing is suggested for %s, over HTTP and WebSocket", async (_name, body) => {
    const open = await startServer();
    const { url } = await startServer({ introspection: false });
    const [told] = (await post(open.url, body)).json.errors;
    const { errors } = (await post(url, body)).json;
    expect(told.message).toContain("Did you mean");
    expect(errors[0].message).toBe(told.message.replace(/ Did you mean.*/s, ""));
    const socket = await new TestSocket(url).connect();
    socket.send({ id: "m", type: "subscribe", payload: body });
    const [error] = (await socket.next("error", "m")).payload;
    expect(error.message).toBe(errors[0].message);
  });
});

describe("with introspection", () => {
  it("the usual query is within all limits", async () => {
    const { url } = await startServer();
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      specifiedByUrl: true,
      oneOf: true,
    });
    const reply = await post(url, { query });
    expect(reply.json.errors).toBeUndefined();
    expect(reply.json.data.__schema.types.length).toBeGreaterThan(5);
  });
});

describe("without GraphiQL", () => {
  it("there is no page, and nothing leads to it", async () => {
    const { url } = await startServer({ graphiql: false });
    const page = await send(`${url}/graphql`, { headers: { accept: "text/html" } });
    expect([page.status, page.json.errors[0].extensions.code]).toEqual([406, "NOT_ACCEPTABLE"]);
    const root = await send(url);
    expect([root.status, root.json.errors[0].extensions.code]).toEqual([404, "NOT_FOUND"]);
    expect((await post(url, { query: "{ hello }" })).json).toEqual({ data: { hello: "world" } });
  });
});
