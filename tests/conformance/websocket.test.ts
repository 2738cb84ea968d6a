/**
 * graphql-transport-ws, rule by rule: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
 * Written from that document against a socket that knows only frames.
 */
import { describe, expect, test } from "vitest";
import type { Metrics } from "../../src/server/metrics.ts";
import type { Fixture } from "../server/support/fixture-schema.ts";
import { type RunningServer, startServer } from "../server/support/start-server.ts";
import { SECRET_AUTH, token } from "../server/support/tokens.ts";
import { handshake, RawSocket } from "./support/raw-socket.ts";

type Rule = readonly [sentence: string, holds: (server: RunningServer) => Promise<void>];

function rules(section: string, list: readonly Rule[]): void {
  describe(section, () => {
    test.each(list)("%s", async (_sentence, holds) => {
      const server = await startServer();
      await holds(server);
      // Whatever a client does, it is no fault of the server's.
      expect(server.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    });
  });
}

/** Waits until that many subscriptions hear what the fixture says. */
const listening = ({ channel }: Fixture, count: number) =>
  expect.poll(() => channel.listenerCount("tick")).toBe(count);

/** Waits until the server says that it has that many open. */
const subscriptions = (metrics: Metrics, count: number) =>
  expect
    .poll(() => metrics.render())
    .toContain(`gatehouse_open_subscriptions{transport="websocket"} ${count}\n`);

const HELLO = { data: { hello: "world" } };
const END_OF_TIME = new Date(8_640_000_000_000_000);

rules("Communication", [
  [
    "the WebSocket sub-protocol for this specification is graphql-transport-ws",
    async ({ url }) => {
      const { socket } = await RawSocket.open(url);
      expect(socket.protocol).toBe("graphql-transport-ws");
    },
  ],
  [
    "it is chosen among several that the client offers",
    async ({ url }) => {
      const socket = new RawSocket(url, ["graphql-ws", "graphql-transport-ws", "chat"]);
      await new Promise((resolve) => socket.socket.once("open", resolve));
      expect(socket.socket.protocol).toBe("graphql-transport-ws");
    },
  ],
  [
    "a client that offers no sub-protocol is closed with 4406: Subprotocol not acceptable",
    async ({ url }) => {
      expect(await new RawSocket(url, []).closed).toEqual({
        code: 4406,
        reason: "Subprotocol not acceptable",
      });
    },
  ],
  [
    "a client that offers only another sub-protocol gets none and is closed with 4406",
    async ({ url }) => expect(await handshake(url, "chat")).toEqual({ code: 4406 }),
  ],
  [
    "the deprecated sub-protocol graphql-ws is another one",
    async ({ url }) => expect(await handshake(url, "graphql-ws")).toEqual({ code: 4406 }),
  ],
  [
    "messages are JSON structures, stringified: the server sends nothing else",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ hello }");
      expect(await socket.take(2)).toEqual([
        { id: "1", type: "next", payload: HELLO },
        { id: "1", type: "complete" },
      ]);
    },
  ],
  [
    "multiple operations with separate ids can be active at any time, and their messages interleave",
    async ({ url, fixture }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("a", "subscription { tick }");
      socket.subscribe("b", "subscription { tick }");
      socket.subscribe("slow", "{ wait }");
      await fixture.entered;
      await listening(fixture, 2);
      fixture.channel.emit("tick", 1);
      fixture.channel.emit("tick", 2);
      const messages = await socket.take(4);
      for (const id of ["a", "b"]) {
        // In their order, each of the operation that it belongs to.
        expect(messages.filter((message) => message.id === id)).toEqual(
          [1, 2].map((tick) => ({ id, type: "next", payload: { data: { tick } } })),
        );
      }
      fixture.open();
      expect(await socket.take(2)).toEqual([
        { id: "slow", type: "next", payload: { data: { wait: "waited" } } },
        { id: "slow", type: "complete" },
      ]);
    },
  ],
  [
    "the client closes the socket by a 1000: Normal Closure event, and what it had asked for ends",
    async ({ url, metrics }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "subscription { tick }");
      await socket.settled();
      await subscriptions(metrics, 1);
      socket.socket.close(1000, "Normal Closure");
      expect((await socket.closed).code).toBe(1000);
      await subscriptions(metrics, 0);
      expect(await metrics.render()).toContain("gatehouse_open_websockets 0");
    },
  ],
  [
    "the server can close the socket at any time; the close event describes why",
    async ({ url, stop }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "subscription { silent }");
      await socket.settled();
      await stop();
      expect((await socket.closed).code).toBe(1012);
      // The subscription has not ended: the client is to come back for it.
      expect(socket.received).toEqual([]);
    },
  ],
]);

rules("ConnectionInit and ConnectionAck", [
  ...[{}, { payload: null }, { payload: {} }, { payload: { any: ["thing"] } }].map(
    (rest): Rule => [
      `the server acknowledges connection_init with ${JSON.stringify(rest)}`,
      async ({ url }) => {
        const socket = await RawSocket.open(url);
        socket.send({ type: "connection_init", ...rest });
        expect(await socket.take(1)).toEqual([{ type: "connection_ack" }]);
      },
    ],
  ),
  [
    "without a connection_init within the allowed time the server closes with 4408: Connection initialisation timeout",
    async ({ url, timer }) => {
      const socket = await RawSocket.open(url);
      await expect.poll(() => timer.pending).toBe(1);
      timer.windTo(END_OF_TIME);
      expect(await socket.closed).toEqual({ code: 4408, reason: "Connection initialisation timeout" });
    },
  ],
  [
    "pings do not stand in for connection_init",
    async ({ url, timer }) => {
      const socket = await RawSocket.open(url);
      expect(await socket.settled()).toEqual([]);
      timer.windTo(END_OF_TIME);
      expect((await socket.closed).code).toBe(4408);
    },
  ],
  [
    "the allowed time does not run on after connection_init, nor after the socket has gone",
    async ({ url, timer }) => {
      const socket = await RawSocket.connect(url);
      expect(timer.pending).toBe(0);
      timer.windTo(END_OF_TIME);
      expect(await socket.settled()).toEqual([]);
      const other = await RawSocket.open(url);
      expect(await other.settled()).toEqual([]);
      other.socket.terminate();
      await expect.poll(() => timer.pending).toBe(0);
    },
  ],
  [
    "more than one connection_init at any given time: 4429: Too many initialisation requests",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.send({ type: "connection_init" });
      expect(await socket.closed).toEqual({ code: 4429, reason: "Too many initialisation requests" });
    },
  ],
  [
    "also before the first one is acknowledged",
    async ({ url }) => {
      const socket = await RawSocket.open(url);
      socket.send({ type: "connection_init" });
      socket.send({ type: "connection_init" });
      expect((await socket.closed).code).toBe(4429);
    },
  ],
]);

describe("a server that asks for a token", () => {
  test("rejects the connection with 4403 where there is none or a wrong one", async () => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    for (const payload of [undefined, null, {}, { token: "a.b.c" }]) {
      const socket = await RawSocket.open(url);
      socket.send({ type: "connection_init", payload });
      expect((await socket.closed).code).toBe(4403);
      expect(socket.received).toEqual([]);
    }
  });

  test("acknowledges one with a token", async () => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    const socket = await RawSocket.connect(url, { Authorization: `Bearer ${await token()}` });
    socket.subscribe("1", "{ whoAmI }");
    expect((await socket.take(1))[0].payload.data).toEqual({ whoAmI: "user:ada" });
  });

  test("executes nothing of what is sent behind a connection_init that it rejects", async () => {
    const { url, fixture } = await startServer({ auth: SECRET_AUTH });
    const ticks: unknown[] = [];
    fixture.channel.on("tick", (tick) => ticks.push(tick));
    const socket = await RawSocket.open(url);
    socket.send({ type: "connection_init", payload: { token: "a.b.c" } });
    socket.subscribe("1", "mutation { shout(tick: 1) }");
    expect([4401, 4403]).toContain((await socket.closed).code);
    expect([socket.received, ticks]).toEqual([[], []]);
  });
});

rules("Ping and Pong", [
  [
    "a pong must be sent in response to a ping",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.send({ type: "ping" });
      expect(await socket.take(1)).toEqual([{ type: "pong" }]);
    },
  ],
  [
    "a ping can be sent at any time within the established socket: before the acknowledgement too",
    async ({ url }) => {
      const socket = await RawSocket.open(url);
      socket.send({ type: "ping" });
      expect(await socket.take(1)).toEqual([{ type: "pong" }]);
    },
  ],
  [
    "the payload of a ping comes back with its pong",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.send({ type: "ping", payload: { at: 1, nested: [null, "é"] } });
      expect(await socket.take(1)).toEqual([{ type: "pong", payload: { at: 1, nested: [null, "é"] } }]);
    },
  ],
  [
    "a ping's payload may be null",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.send({ type: "ping", payload: null });
      expect(await socket.take(1)).toEqual([{ type: "pong" }]);
    },
  ],
  [
    "a pong may be sent unsolicited, at any time, with or without payload: nothing comes of it",
    async ({ url }) => {
      const socket = await RawSocket.open(url);
      socket.send({ type: "pong" });
      socket.send({ type: "connection_init" });
      socket.send({ type: "pong", payload: { at: 1 } });
      socket.send({ type: "pong", payload: null });
      await socket.until(({ type }) => type === "connection_ack");
      expect(await socket.settled()).toEqual([{ type: "connection_ack" }]);
    },
  ],
]);

rules("Subscribe", [
  [
    "executing is allowed only after the acknowledgement; otherwise 4401: Unauthorized, and nothing is executed",
    async ({ url, fixture }) => {
      const ticks: unknown[] = [];
      fixture.channel.on("tick", (tick) => ticks.push(tick));
      const socket = await RawSocket.open(url);
      socket.subscribe("1", "mutation { shout(tick: 1) }");
      expect(await socket.closed).toEqual({ code: 4401, reason: "Unauthorized" });
      expect([socket.received, ticks]).toEqual([[], []]);
    },
  ],
  [
    "operationName, variables and extensions may be null",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ hello }", { operationName: null, variables: null, extensions: null });
      expect((await socket.take(1))[0].payload).toEqual(HELLO);
    },
  ],
  [
    "operationName picks the operation and variables are its variables",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      const query = "query A { hello } query B($t: String) { echo(text: $t) }";
      socket.subscribe("1", query, { operationName: "B", variables: { t: "é\u0000\u2028" } });
      expect((await socket.take(1))[0].payload).toEqual({ data: { echo: "é\u0000\u2028" } });
    },
  ],
  [
    "extensions reach the server: a correlation id is the operation's own",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      const correlationId = "5d9f1f0a-6f0e-4c7e-9d0e-3a5f9b1c2d3e";
      socket.subscribe("1", "{ correlation }", { extensions: { correlationId, other: [1] } });
      expect((await socket.take(1))[0].payload).toEqual({ data: { correlation: correlationId } });
    },
  ],
  ...["subscription { tick }", "{ wait }"].map(
    (first): Rule => [
      `an id that has an active subscriber (${first}): 4409, immediately, whatever the operation`,
      async ({ url, fixture }) => {
        const ticks: unknown[] = [];
        fixture.channel.on("tick", (tick) => ticks.push(tick));
        const socket = await RawSocket.connect(url);
        socket.subscribe("twice", first);
        socket.subscribe("twice", "mutation { shout(tick: 1) }");
        expect(await socket.closed).toEqual({ code: 4409, reason: "Subscriber for twice already exists" });
        expect([socket.received, ticks]).toEqual([[], []]);
        fixture.open();
      },
    ],
  ),
  [
    "an id that does not fit into a close frame is shortened there",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      const id = "😀".repeat(1_000);
      socket.subscribe(id, "subscription { tick }");
      socket.subscribe(id, "{ hello }");
      expect(await socket.closed).toEqual({
        code: 4409,
        reason: `Subscriber for ${"😀".repeat(20)}… already exists`,
      });
    },
  ],
  [
    "any text is an id",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      for (const id of ["__proto__", "constructor", '"', "\\", "\u0000", "é", "😀", " ", "1"]) {
        socket.subscribe(id, "{ hello }");
        expect(await socket.take(2)).toEqual([
          { id, type: "next", payload: HELLO },
          { id, type: "complete" },
        ]);
      }
    },
  ],
  ...[
    ["a result", "{ hello }"],
    ["an error", "{ nope }"],
  ].map(
    ([what, query = ""]): Rule => [
      `ids are tracked only while the operation is active: after ${what} it is free again`,
      async ({ url }) => {
        const socket = await RawSocket.connect(url);
        for (let round = 0; round < 3; round += 1) {
          socket.subscribe("1", query);
          const type = query === "{ hello }" ? "complete" : "error";
          expect((await socket.until((message) => message.type === type)).id).toBe("1");
          socket.received.length = 0;
        }
      },
    ],
  ),
  [
    "once a client completes an operation, it is free to re-use that id: the new one gets its own messages only",
    async ({ url, fixture }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ wait }");
      await fixture.entered;
      socket.complete("1");
      socket.subscribe("1", "subscription { tick }");
      await socket.settled();
      await listening(fixture, 1);
      fixture.open();
      expect(await socket.settled()).toEqual([]);
      fixture.channel.emit("tick", 5);
      expect(await socket.take(1)).toEqual([{ id: "1", type: "next", payload: { data: { tick: 5 } } }]);
    },
  ],
  [
    "also at once, and many times over",
    async ({ url, fixture, metrics }) => {
      const socket = await RawSocket.connect(url);
      for (let round = 0; round < 20; round += 1) {
        socket.subscribe("1", "subscription { tick }");
        if (round % 2 === 1) await socket.settled();
        socket.complete("1");
      }
      socket.subscribe("1", "subscription { tick }");
      await subscriptions(metrics, 1);
      expect(await socket.settled()).toEqual([]);
      fixture.channel.emit("tick", 7);
      expect(await socket.take(1)).toEqual([{ id: "1", type: "next", payload: { data: { tick: 7 } } }]);
    },
  ],
]);

rules("Next, Error and Complete", [
  [
    "a single result operation sends at most one next, then complete",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("q", "{ hello }");
      expect((await socket.take(2)).map(({ type }) => type)).toEqual(["next", "complete"]);
      socket.subscribe("m", "mutation { shout(tick: 1) }");
      expect(await socket.take(2)).toEqual([
        { id: "m", type: "next", payload: { data: { shout: 1 } } },
        { id: "m", type: "complete" },
      ]);
      expect(await socket.settled()).toEqual([]);
    },
  ],
  [
    "after all results have been emitted, complete follows",
    async ({ url, fixture }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "subscription { tick }");
      await listening(fixture, 1);
      fixture.channel.emit("tick", 1);
      fixture.channel.emit("tick", 2);
      fixture.channel.emit("tick", 3);
      await socket.until(({ payload }) => payload?.data?.tick === 3);
      fixture.closing.abort();
      expect((await socket.take(4)).map(({ type, payload }) => payload?.data.tick ?? type)).toEqual([
        1,
        2,
        3,
        "complete",
      ]);
    },
  ],
  ...[
    ["that do not parse", { query: "{" }],
    ["that are not valid", { query: "{ nope }" }],
    ["that are not there", { query: "query A { hello }", operationName: "B" }],
    ["that are empty", { query: "" }],
  ].map(
    ([what, payload]): Rule => [
      `operations ${what} end with an error message; no complete follows it, and the socket stays`,
      async ({ url }) => {
        const socket = await RawSocket.connect(url);
        socket.send({ id: "bad", type: "subscribe", payload });
        const [error] = await socket.take(1);
        expect(error).toEqual({ id: "bad", type: "error", payload: expect.any(Array) });
        expect(error.payload.length).toBeGreaterThan(0);
        for (const { message } of error.payload) expect(message).toMatch(/./);
        expect(await socket.settled()).toEqual([]);
      },
    ],
  ),
  [
    "an error of a resolver is part of a next, with the data that there is",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ wrongInput hello }");
      const [next, complete] = await socket.take(2);
      expect(next).toMatchObject({ type: "next", payload: { data: { wrongInput: null, hello: "world" } } });
      expect(next.payload.errors).toMatchObject([
        {
          path: ["wrongInput"],
          locations: [{ line: 1, column: 3 }],
          extensions: { code: "BAD_USER_INPUT" },
        },
      ]);
      expect(complete).toEqual({ id: "1", type: "complete" });
    },
  ],
  [
    "a client's complete ends the subscription on the server; no further message comes, not even a complete",
    async ({ url, fixture, metrics }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "subscription { tick }");
      await listening(fixture, 1);
      socket.complete("1");
      await subscriptions(metrics, 0);
      fixture.channel.emit("tick", 1);
      expect(await socket.settled()).toEqual([]);
    },
  ],
  [
    "the result of a single result operation that the client has completed is not sent once it is there",
    async ({ url, fixture }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ wait }");
      await fixture.entered;
      socket.complete("1");
      expect(await socket.settled()).toEqual([]);
      fixture.open();
      socket.subscribe("2", "{ hello }");
      await socket.until(({ id, type }) => id === "2" && type === "complete");
      expect((await socket.settled()).map(({ id }) => id)).toEqual(["2", "2"]);
    },
  ],
  [
    "a complete for an operation that has been completed is ignored",
    async ({ url }) => {
      const socket = await RawSocket.connect(url);
      socket.subscribe("1", "{ hello }");
      await socket.take(2);
      socket.complete("1");
      socket.subscribe("bad", "{ nope }");
      await socket.take(1);
      socket.complete("bad");
      expect(await socket.settled()).toEqual([]);
    },
  ],
  [
    "unknown ids are ignored without closing the connection, also before the acknowledgement",
    async ({ url }) => {
      const socket = await RawSocket.open(url);
      socket.complete("nothing");
      socket.send({ type: "connection_init" });
      await socket.take(1);
      socket.complete("nothing");
      socket.complete("__proto__");
      expect(await socket.settled()).toEqual([]);
    },
  ],
]);

const QUERY = { query: "{ hello }" };
const INVALID: readonly (readonly [string, unknown])[] = [
  ["text that is not JSON", "{"],
  ["an empty text", ""],
  ["a binary frame", Buffer.from('{"type":"ping"}')],
  ["null", "null"],
  ["an array", [{ type: "ping" }]],
  ["a string", '"ping"'],
  ["a number", "1"],
  ["a message without type", {}],
  ["a type that is no string", { type: 1 }],
  ["an empty type", { type: "" }],
  ["an unknown type", { type: "start" }],
  ["a type in capitals", { type: "PING" }],
  ["the name of a property of every object as type", { type: "constructor" }],
  ["an acknowledgement, which only servers send", { type: "connection_ack" }],
  ["a next, which only servers send", { id: "1", type: "next", payload: HELLO }],
  ["an error, which only servers send", { id: "1", type: "error", payload: [{ message: "no" }] }],
  ...["connection_init", "ping", "pong"].flatMap((type) =>
    ["text", 1, true, []].map(
      (payload) => [`a ${type} with the payload ${JSON.stringify(payload)}`, { type, payload }] as const,
    ),
  ),
  ["a subscribe without id", { type: "subscribe", payload: QUERY }],
  ["a subscribe with an empty id", { id: "", type: "subscribe", payload: QUERY }],
  ["a subscribe with a number as id", { id: 1, type: "subscribe", payload: QUERY }],
  ["a subscribe with null as id", { id: null, type: "subscribe", payload: QUERY }],
  ["a subscribe without payload", { id: "1", type: "subscribe" }],
  ["a subscribe with null as payload", { id: "1", type: "subscribe", payload: null }],
  ["a subscribe with text as payload", { id: "1", type: "subscribe", payload: "{ hello }" }],
  ["a subscribe with an array as payload", { id: "1", type: "subscribe", payload: [QUERY] }],
  ["a subscribe without query", { id: "1", type: "subscribe", payload: {} }],
  ["a subscribe with null as query", { id: "1", type: "subscribe", payload: { query: null } }],
  ["a subscribe with an object as query", { id: "1", type: "subscribe", payload: { query: {} } }],
  ...[
    ["operationName", 1],
    ["variables", "{}"],
    ["variables", []],
    ["extensions", "{}"],
    ["extensions", []],
  ].map(
    ([name, value]) =>
      [
        `a subscribe with ${name} ${JSON.stringify(value)}`,
        { id: "1", type: "subscribe", payload: { ...QUERY, [name as string]: value } },
      ] as const,
  ),
  ["a complete without id", { type: "complete" }],
  ["a complete with an empty id", { id: "", type: "complete" }],
  ["a complete with a number as id", { id: 1, type: "complete" }],
];

rules("Invalid message", [
  ...INVALID.map(
    ([what, message]): Rule => [
      `${what} results in an immediate closure with 4400: <error-message>`,
      async ({ url }) => {
        const initialises = (message as { type?: unknown } | null)?.type === "connection_init";
        const socket = initialises ? await RawSocket.open(url) : await RawSocket.connect(url);
        socket.send(message);
        expect(await socket.closed).toEqual({ code: 4400, reason: expect.stringMatching(/./) });
        expect(socket.received).toEqual([]);
      },
    ],
  ),
  [
    "the closure is immediate: what was sent behind the invalid message is not executed",
    async ({ url, fixture }) => {
      const ticks: unknown[] = [];
      fixture.channel.on("tick", (tick) => ticks.push(tick));
      const socket = await RawSocket.connect(url);
      socket.send("{");
      socket.subscribe("1", "mutation { shout(tick: 1) }");
      expect((await socket.closed).code).toBe(4400);
      expect([socket.received, ticks]).toEqual([[], []]);
    },
  ],
  [
    "before the acknowledgement too",
    async ({ url }) => {
      const socket = await RawSocket.open(url);
      socket.send("{");
      expect((await socket.closed).code).toBe(4400);
    },
  ],
]);
