import { describe, expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";

const MEDIA_TYPES = ["application/json", "application/graphql-response+json"];
const chain = (depth: number) => `{ ${"self { ".repeat(depth - 1)}hello${" }".repeat(depth - 1)} }`;
const fields = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: hello`).join(" ");
const lists = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
const spreads = (count: number) =>
  `{ ${"...F ".repeat(count)} } fragment F on Query { hello whoAmI correlation echo(text: "a") even(value: 2) }`;

/** What is allowed, what is one too many, and how that is refused. */
const DOCUMENTS: readonly [limit: string, allowed: string, refused: string, code: string][] = [
  ["sourceLength", `{ hello } #${"x".repeat(99_989)}`, `{ hello } #${"x".repeat(99_990)}`, "QUERY_TOO_LARGE"],
  [
    "tokens",
    `{ echo(text: [${"1 ".repeat(4_991)}]) }`,
    `{ echo(text: [${"1 ".repeat(4_992)}]) }`,
    "QUERY_TOO_LARGE",
  ],
  [
    "nesting",
    `{ ${"... { ".repeat(127)}hello${" }".repeat(127)} }`,
    `{ ${"... { ".repeat(128)}hello${" }".repeat(128)} }`,
    "QUERY_TOO_COMPLEX",
  ],
  ["valueDepth", `{ echo(text: ${lists(32)}) }`, `{ hello echo(text: ${lists(33)}) }`, "QUERY_TOO_COMPLEX"],
  ["aliases", `{ ${fields(100)} }`, `{ ${fields(101)} }`, "QUERY_TOO_COMPLEX"],
  ["aliasLength", `{ ${"a".repeat(100)}: hello }`, `{ ${"a".repeat(101)}: hello }`, "QUERY_TOO_COMPLEX"],
  [
    "directives",
    `{ hello ${"@skip(if: false) ".repeat(50)} }`,
    `{ hello ${"@skip(if: false) ".repeat(51)} }`,
    "QUERY_TOO_COMPLEX",
  ],
  [
    "operations",
    Array.from({ length: 50 }, (_, index) => `query Q${index} { hello }`).join(" "),
    Array.from({ length: 51 }, (_, index) => `query Q${index} { hello }`).join(" "),
    "QUERY_TOO_COMPLEX",
  ],
  ["depth", chain(16), chain(17), "QUERY_TOO_COMPLEX"],
  ["breadth", spreads(200), spreads(201), "QUERY_TOO_COMPLEX"],
  // Each field is looked at, and compared with each before it: n(n+1)/2.
  ["comparisons", `{ ${"hello ".repeat(199)} }`, `{ ${"hello ".repeat(200)} }`, "QUERY_TOO_COMPLEX"],
];

describe.each(DOCUMENTS)("a document's %s", (limit, allowed, refused, code) => {
  it.each(MEDIA_TYPES)("is refused with 400 above the limit, and not before, as %s", async (accept) => {
    const { url, logged } = await startServer();
    const over = await post(url, { query: refused }, { accept });
    expect(over.headers["content-type"]).toContain(accept);
    expect([over.status, over.json.errors[0].extensions]).toMatchObject([
      400,
      { code, limit: { name: limit, max: expect.any(Number) } },
    ]);
    expect(over.json).not.toHaveProperty("data");
    const within = await post(url, { query: allowed }, { accept });
    expect(within.text).not.toMatch(/QUERY_TOO_/);
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  it("is refused with an error over a WebSocket, which stays open", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    // A message holds less than the longest document.
    const query = limit === "sourceLength" ? `{ ${"hello ".repeat(9_000)} }` : refused;
    socket.subscribe("over", query);
    const [error] = (await socket.next("error", "over")).payload;
    expect(error.extensions).toMatchObject({ code, limit: { max: expect.any(Number) } });
    socket.subscribe("good", "{ hello }");
    expect((await socket.next("next", "good")).payload).toEqual({ data: { hello: "world" } });
  });
});

describe("a fragment that is never used", () => {
  it("is bounded all the same: validation would look at it", async () => {
    const { url } = await startServer();
    const query = `{ hello } fragment F on Query { ${"hello ".repeat(300)} }`;
    expect((await post(url, { query })).json.errors[0].extensions.limit.name).toBe("comparisons");
  });

  it("that spreads itself is refused before anything follows it", async () => {
    const { url } = await startServer();
    const query = "{ hello } fragment A on Query { ...B } fragment B on Query { self { ...A } }";
    const reply = await post(url, { query }, { accept: "application/graphql-response+json" });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
  });
});

describe("the nesting of a request's JSON", () => {
  const body = (depth: number) =>
    `{"query":"query ($v: String) { echo(text: $v) }","variables":{"v":${lists(depth)}}}`;

  it.each([
    ["variables, 2,000 levels with the two around them", 1_998, "BAD_USER_INPUT"],
    ["variables, 2,001 levels", 1_999, "REQUEST_TOO_DEEP"],
  ])("%s", async (_name, depth, code) => {
    const { url, logged } = await startServer();
    const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
    const reply = await send(`${url}/graphql`, { method: "POST", headers, body: body(depth) });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([400, code]);
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  it("of a GET's variables is bounded too", async () => {
    const { url } = await startServer();
    const variables = encodeURIComponent(`{"v":${"[".repeat(2_000)}`);
    const reply = await send(`${url}/graphql?query={hello}&variables=${variables}`);
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([400, "REQUEST_TOO_DEEP"]);
  });

  it("of a WebSocket's message closes it with 4400", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.send(`{"id":"1","type":"subscribe","payload":${body(30_000)}}`);
    expect(await socket.closed).toEqual({ code: 4400, reason: "Message nests too deep" });
  });

  it("does not count what is inside strings", async () => {
    const { url } = await startServer();
    const text = `\\" ${"[".repeat(3_000)}`;
    const reply = await post(url, {
      query: "query ($v: String) { echo(text: $v) }",
      variables: { v: text },
    });
    expect(reply.json).toEqual({ data: { echo: text } });
    const literal = await post(url, { query: `{ echo(text: """${"[".repeat(300)} \\""" " """) } # ((((` });
    expect(literal.json).toEqual({ data: { echo: `${"[".repeat(300)} """ " ` } });
  });
});

describe("the cost of an operation", () => {
  const COST = {
    complexity: 3,
    maxComplexity: 50_000,
    depth: 2,
    maxDepth: 16,
    breadth: 3,
    maxBreadth: 1_000,
  };
  const query = "{ hello self { hello } }";

  it("is in the answer's extensions where a header asks for it, and nowhere else", async () => {
    const { url } = await startServer();
    const asked = await post(url, { query }, { "x-graphql-cost": "1" });
    expect(asked.json).toEqual({
      data: { hello: "world", self: { hello: "world" } },
      extensions: { cost: COST },
    });
    expect((await post(url, { query })).json).not.toHaveProperty("extensions");
    const failed = await post(url, { query: "{ boom hello }" }, { "x-graphql-cost": "1" });
    expect(failed.json.extensions.cost).toMatchObject({ complexity: 2, breadth: 2 });
  });

  it("is in a WebSocket's answer where the message's extensions ask for it", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("asked", query, { extensions: { cost: true } });
    expect((await socket.next("next", "asked")).payload.extensions).toEqual({ cost: COST });
    socket.subscribe("not", query);
    expect((await socket.next("next", "not")).payload).not.toHaveProperty("extensions");
  });

  it("is in the first event of a subscription only", async () => {
    const { url, fixture } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("s", "subscription { tick }", { extensions: { cost: true } });
    socket.send({ type: "ping" });
    await socket.next("pong");
    await expect.poll(() => fixture.channel.listenerCount("tick")).toBe(1);
    fixture.channel.emit("tick", 1);
    expect((await socket.next("next", "s")).payload.extensions.cost).toMatchObject({ complexity: 1 });
    fixture.channel.emit("tick", 2);
    expect((await socket.next("next", "s")).payload).toEqual({ data: { tick: 2 } });
  });

  it("is told with every refusal that it is the reason for", async () => {
    const { url } = await startServer();
    const reply = await post(url, { query: chain(17) });
    expect(reply.json.errors[0].extensions.cost).toEqual({
      depth: 17,
      maxDepth: 16,
      breadth: 17,
      maxBreadth: 1_000,
    });
  });
});
