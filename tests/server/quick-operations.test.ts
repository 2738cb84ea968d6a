import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { describe, expect, it, vi } from "vitest";
import { Turns } from "../../src/server/turns.ts";
import { post } from "./support/http.ts";
import { startServer } from "./support/start-server.ts";

/** Only the ordinary way tells resolvers when their client goes: its absence shows that a query took the quick one. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: {
      heavy: {
        type: GraphQLBoolean,
        extensions: { complexity: 5_000 },
        resolve: (_root, _args, { signal }: { signal?: AbortSignal }) => signal === undefined,
      },
      quick: {
        type: new GraphQLNonNull(GraphQLBoolean),
        resolve: (_root, _args, { signal }: { signal?: AbortSignal }) => signal === undefined,
      },
    },
  }),
});

async function isQuick(url: string, others: object = {}): Promise<boolean> {
  const { json } = await post(url, { query: "{ quick }", ...others });
  return json.data.quick;
}

const CORRELATION_ID = "01900000-0000-7000-8000-00000000cafe";

/** A server's answer, but for its time. */
async function answerTo(url: string, asked: object, accept = "*/*") {
  const { status, headers, text } = await post(url, asked, { accept, "x-correlation-id": CORRELATION_ID });
  const { date: _date, ...others } = headers;
  return { status, headers: others, text };
}

it("takes the quick way for a query that has been answered before", async () => {
  const { url, logged } = await startServer({ schema });
  expect(await isQuick(url)).toBe(false);
  expect(await isQuick(url)).toBe(true);
  const lines = logged.filter(({ msg }) => msg === "operation");
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toMatchObject({ operation: "query quick", outcome: "ok", status: 200 });
  }
});

it("waits for its turn with a query that costs much, as the ordinary way does", async () => {
  const { url } = await startServer({ schema });
  const take = vi.spyOn(Turns.prototype, "take");
  for (const isQuickly of [false, true]) {
    take.mockClear();
    const { json } = await post(url, { query: "{ heavy }" });
    expect(json.data.heavy).toBe(isQuickly);
    expect(take).toHaveBeenCalledOnce();
  }
  take.mockRestore();
});

/** What clients send, and as what Yoga answers a query. */
const ACCEPTED: Readonly<Record<string, string | null>> = {
  "*/*": "application/json",
  "application/json": "application/json",
  "application/graphql-response+json": "application/graphql-response+json",
  // Apollo Client.
  "application/graphql-response+json,application/json;q=0.9": "application/graphql-response+json",
  // urql.
  "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed":
    "application/graphql-response+json",
  // Apollo's client with @defer, and GraphiQL.
  "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9":
    "application/graphql-response+json",
  "application/json, multipart/mixed": "application/json",
  // A browser.
  "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "application/json",
  "application/*": "application/json",
  "Application/JSON; charset=UTF-8, application/graphql-response+json": "application/json",
  "application/json; charset=latin1, application/graphql-response+json": "application/graphql-response+json",
  "text/event-stream": null,
};

it.each(
  Object.entries(ACCEPTED),
)("answers as the ordinary way does where %s is accepted", async (accept, type) => {
  const [short, long] = [await startServer({ schema }), await startServer({ schema, quick: false })];
  const ask = ({ url }: typeof short) => answerTo(url, { query: "{ quick }" }, accept);
  const first = await ask(long);
  expect(await ask(short)).toEqual(first);
  const known = await ask(short);
  if (type === null) return expect(known).toEqual(first);
  expect(known).toEqual({
    ...first,
    text: '{"data":{"quick":true}}',
    headers: { ...first.headers, "content-length": "23" },
  });
  expect(known.headers["content-type"]).toBe(`${type}; charset=utf-8`);
});

it("takes the ordinary way where anything is unusual, and where it is told to", async () => {
  const { url } = await startServer({ schema });
  await isQuick(url);
  expect(await isQuick(url, { extensions: {} })).toBe(false);
  expect(await isQuick(url)).toBe(true);
  const plain = await startServer({ schema, quick: false });
  expect([await isQuick(plain.url), await isQuick(plain.url)]).toEqual([false, false]);
});

describe("a mutation that has been answered before", () => {
  /** What went on in it, and what it is to come to. */
  interface Carried {
    count: number;
    signals: boolean[];
    fails: "command" | "answer" | null;
  }

  function counting(carried: Carried): GraphQLSchema {
    const counted = new GraphQLObjectType({
      name: "Counted",
      fields: {
        count: { type: new GraphQLNonNull(GraphQLInt) },
        later: {
          type: GraphQLInt,
          resolve: async ({ count }: { count: number }) => {
            if (carried.fails === "answer") throw new Error("The answer was not to be had.");
            return count + 1;
          },
        },
      },
    });
    return new GraphQLSchema({
      query: new GraphQLObjectType({ name: "Query", fields: { count: { type: GraphQLInt } } }),
      mutation: new GraphQLObjectType({
        name: "Mutation",
        fields: {
          add: {
            type: new GraphQLNonNull(counted),
            args: { by: { type: new GraphQLNonNull(GraphQLInt) } },
            resolve: async (_root, { by }: { by: number }, { signal }: { signal?: AbortSignal }) => {
              carried.count += by;
              carried.signals.push(signal !== undefined);
              if (carried.fails === "command") throw new Error("The command was not to be given.");
              return { count: carried.count };
            },
          },
        },
      }),
    });
  }

  const ADD = "mutation Add($by: Int!) { add(by: $by) { __typename count later } }";
  async function startCounting(quick: boolean) {
    const carried: Carried = { count: 0, signals: [], fails: null };
    return { ...(await startServer({ schema: counting(carried), quick })), carried };
  }

  /** A server that takes the quick way and one that does not, each with what it has carried out. */
  async function both() {
    return { short: await startCounting(true), long: await startCounting(false) };
  }

  /** Gives both servers the same commands, and expects the same answers. @returns the answers */
  async function compare(
    { short, long }: Awaited<ReturnType<typeof both>>,
    query: string,
    variables: object,
  ): Promise<string> {
    const answer = await answerTo(short.url, { query, variables });
    expect(answer).toEqual(await answerTo(long.url, { query, variables }));
    expect(short.carried.count).toBe(long.carried.count);
    return answer.text;
  }

  it("is carried out by the quick way, with the same answer", async () => {
    const servers = await both();
    await compare(servers, ADD, { by: 1 });
    expect(await compare(servers, ADD, { by: 2 })).toBe(
      '{"data":{"add":{"__typename":"Counted","count":3,"later":4}}}',
    );
    expect(servers.short.carried.signals).toEqual([true, false]);
    const lines = servers.short.logged.filter(({ msg }) => msg === "operation");
    expect(lines).toMatchObject(Array(2).fill({ operation: "mutation add", outcome: "ok", status: 200 }));
  });

  it.each(["command", "answer"] as const)("is carried out once when the %s fails", async (what) => {
    const servers = await both();
    await compare(servers, ADD, { by: 1 });
    for (const { carried } of Object.values(servers)) carried.fails = what;
    expect(await compare(servers, ADD, { by: 2 })).toContain('"errors":[');
    expect(servers.short.carried).toMatchObject({ count: 3, signals: [true, false] });
    for (const { carried } of Object.values(servers)) carried.fails = null;
    expect(await compare(servers, ADD, { by: 4 })).toContain('"count":7');
    expect(servers.short.carried.signals).toEqual([true, false, false]);
  });

  it("is not begun where its variables do not fit", async () => {
    const servers = await both();
    await compare(servers, ADD, { by: 1 });
    expect(await compare(servers, ADD, { by: "two" })).toContain("Int cannot represent");
    expect(await compare(servers, ADD, {})).toContain('"errors":[');
    expect(servers.short.carried.signals).toEqual([true]);
  });

  it("is carried out field by field where it has several, one after the other", async () => {
    const servers = await both();
    const query = "mutation ($by: Int!) { one: add(by: $by) { count } two: add(by: $by) { count } }";
    await compare(servers, query, { by: 1 });
    expect(await compare(servers, query, { by: 10 })).toBe(
      '{"data":{"one":{"count":12},"two":{"count":22}}}',
    );
    expect(servers.short.carried.signals).toEqual([true, true, false, false]);
  });
});

describe("answers share memory, one after the other:", () => {
  const LETTERS = "abcd";
  /** What answers of 1.8 MB are made of: small enough for their memory to be used again. */
  const ITEMS = 18_000;
  /** More of them than the kernel takes from a server while nobody reads. */
  const ANSWERS = 5;
  const texts = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "Query",
      fields: {
        texts: {
          type: new GraphQLNonNull(new GraphQLList(GraphQLString)),
          args: { letter: { type: GraphQLString }, items: { type: GraphQLInt } },
          resolve: (_root, { letter, items }: { letter: string; items: number }) =>
            Array.from({ length: items }, () => letter.repeat(100)),
        },
      },
    }),
  });
  const body = (letter: string, items: number) =>
    JSON.stringify({
      query: "query ($letter: String, $items: Int) { texts(letter: $letter, items: $items) }",
      variables: { letter, items },
    });
  const answer = (letter: string, items: number) =>
    JSON.stringify({ data: { texts: Array.from({ length: items }, () => letter.repeat(100)) } });

  async function ask(url: string, letter: string, items: number): Promise<string> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: body(letter, items) });
    return response.text();
  }

  /** Sends the request a few times, one after the other, and reads next to nothing of the answers yet. */
  async function askSlowly(url: string, letter: string): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).pause();
    const text = body(letter, ITEMS);
    const request = (connection: string) =>
      `POST /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: ${connection}\r\n\r\n${text}`;
    socket.write(request("keep-alive").repeat(ANSWERS - 1) + request("close"));
    await once(socket, "readable");
    return socket;
  }

  it("one that a client is slow to read stays what it was while others are written", async () => {
    const { url } = await startServer({ schema: texts });
    await ask(url, "z", 1);
    const slow = await Promise.all([...LETTERS].map((letter) => askSlowly(url, letter)));
    for (let time = 0; time < 5; time += 1) {
      for (const letter of LETTERS.toUpperCase()) {
        expect(await ask(url, letter, 3_000)).toBe(answer(letter, 3_000));
      }
    }
    for (const [at, socket] of slow.entries()) {
      const received = (await socket.setEncoding("utf8").toArray()).join("");
      const bodies = received.split(/HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)+\r\n/).slice(1);
      expect(bodies).toHaveLength(ANSWERS);
      const expected = answer(LETTERS[at] ?? "", ITEMS);
      expect(bodies.every((body) => body === expected)).toBe(true);
    }
  });

  it("one that a client does not wait for spoils none", async () => {
    const { url } = await startServer({ schema: texts });
    await ask(url, "z", 1);
    for (const letter of LETTERS) (await askSlowly(url, letter)).destroy();
    for (const letter of LETTERS.toUpperCase()) {
      expect(await ask(url, letter, 3_000)).toBe(answer(letter, 3_000));
    }
  });
});
