/**
 * GraphQL over Server-Sent Events, distinct connections mode, and the event streams of HTML:
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md,
 * https://html.spec.whatwg.org/multipage/server-sent-events.html.
 */
import { describe, expect, test } from "vitest";
import type { Metrics } from "../../src/server/metrics.ts";
import { type RunningServer, startServer } from "../server/support/start-server.ts";
import { SECRET_AUTH } from "../server/support/tokens.ts";
import { EventStream } from "./support/event-stream.ts";

const ACCEPT = { accept: "text/event-stream" };

function post({ url }: RunningServer, query: string, headers: Record<string, string> = ACCEPT) {
  return EventStream.request(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
}

const openStreams = (metrics: Metrics, count: number) =>
  expect.poll(() => metrics.render()).toContain(`gatehouse_open_subscriptions{transport="sse"} ${count}\n`);

const COMPLETE = { event: "complete", data: null };

describe("an event stream", () => {
  test("has the type text/event-stream and is not to be cached", async () => {
    const { response } = await post(await startServer(), "subscription { silent }");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(response.headers.get("cache-control")).toContain("no-cache");
  });

  test("begins with a comment at once, so that the client knows that it is open, and is kept alive by more", async () => {
    const stream = await post(await startServer(), "subscription { silent }");
    for (let count = 0; count < 3; count += 1) expect(await stream.next()).toEqual({ comment: "" });
  });

  test("sends every result as next and, when there are no more, complete, and ends", async () => {
    const server = await startServer();
    const stream = await post(server, "subscription { tick }");
    const { channel, closing } = server.fixture;
    await expect.poll(() => channel.listenerCount("tick")).toBe(1);
    for (const tick of [1, 2, 3]) channel.emit("tick", tick);
    for (const tick of [1, 2, 3]) {
      expect(await stream.nextEvent()).toEqual({ event: "next", data: { data: { tick } } });
    }
    closing.abort();
    expect(await stream.rest()).toEqual([COMPLETE]);
    await openStreams(server.metrics, 0);
  });

  test("is opened by GET too, as a browser's EventSource does", async () => {
    const server = await startServer();
    const query = encodeURIComponent("subscription { tick }");
    const stream = await EventStream.request(`${server.url}/graphql?query=${query}`, { headers: ACCEPT });
    expect(stream.response.status).toBe(200);
    await expect.poll(() => server.fixture.channel.listenerCount("tick")).toBe(1);
    server.fixture.channel.emit("tick", 1);
    expect(await stream.nextEvent()).toEqual({ event: "next", data: { data: { tick: 1 } } });
  });

  test("is asked for by text/event-stream alone: whoever takes only JSON gets a 406", async () => {
    const server = await startServer();
    const { response } = await post(server, "subscription { tick }", { accept: "application/json" });
    expect(response.status).toBe(406);
    await openStreams(server.metrics, 0);
  });

  test("ends on the server when the client closes the connection, also while its source is silent", async () => {
    const server = await startServer();
    const stream = await post(server, "subscription { silent }");
    await openStreams(server.metrics, 1);
    stream.leave();
    await openStreams(server.metrics, 0);
  });

  test("goes through proxies as it is, and names no content coding that there is not", async () => {
    const { response } = await post(await startServer(), "subscription { silent }");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("content-encoding")).toBeNull();
  });

  test("is cut when the server stops, without complete: it has not ended", async () => {
    const server = await startServer();
    const stream = await post(server, "subscription { silent }");
    await openStreams(server.metrics, 1);
    const stopped = server.stop();
    await expect(stream.rest()).rejects.toThrow("terminated");
    await stopped;
  });

  test("keeps text as it is: line ends in it do not end the event", async () => {
    const text = "a\nb\r\n\r\ndata: c\u2028é";
    const query = `{ echo(text: ${JSON.stringify(text)}) }`;
    const stream = await post(await startServer(), query);
    expect(await stream.rest()).toEqual([{ event: "next", data: { data: { echo: text } } }, COMPLETE]);
  });
});

describe("a single result operation", () => {
  test.each([
    ["query", "{ hello }", { data: { hello: "world" } }],
    ["mutation", "mutation { shout(tick: 1) }", { data: { shout: 1 } }],
  ])("(%s) sends one next and complete", async (_kind, operation, result) => {
    const stream = await post(await startServer(), operation);
    expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await stream.rest()).toEqual([{ event: "next", data: result }, COMPLETE]);
  });

  test("with an error in a resolver has it in its next, beside the data", async () => {
    const stream = await post(await startServer(), "{ wrongInput hello }");
    expect(stream.response.status).toBe(200);
    expect(await stream.rest()).toEqual([
      {
        event: "next",
        data: {
          data: { wrongInput: null, hello: "world" },
          errors: [expect.objectContaining({ path: ["wrongInput"] })],
        },
      },
      COMPLETE,
    ]);
  });

  test("a mutation is not executed over GET", async () => {
    const server = await startServer();
    const ticks: unknown[] = [];
    server.fixture.channel.on("tick", (tick) => ticks.push(tick));
    const query = encodeURIComponent("mutation { shout(tick: 1) }");
    const stream = await EventStream.request(`${server.url}/graphql?query=${query}`, { headers: ACCEPT });
    expect([stream.response.status, ticks]).toEqual([405, []]);
  });
});

describe("what is wrong before the stream starts", () => {
  test.each([
    // An EventSource gives up on any other status, and shows its page no reason.
    ["does not parse", "{", 200],
    ["is not valid", "subscription { nope }", 200],
    ["is not there", "", 200],
    // There was nothing wrong with the request: a proxy should see the fault.
    ["fails when it is opened", "subscription { boomAtOnce }", 500],
  ])("an operation that %s has its errors in a next of an accepted stream", async (_what, query, status) => {
    const server = await startServer();
    const stream = await post(server, query);
    expect(stream.response.status).toBe(status);
    expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await stream.rest()).toEqual([
      { event: "next", data: { errors: [expect.objectContaining({ message: expect.any(String) })] } },
      COMPLETE,
    ]);
    await openStreams(server.metrics, 0);
  });

  test("whoever may not ask gets the status and no stream", async () => {
    const { response } = await post(await startServer({ auth: SECRET_AUTH }), "subscription { tick }");
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  });
});
