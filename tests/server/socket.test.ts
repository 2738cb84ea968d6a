import { describe, expect, it } from "vitest";
import { send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH, token } from "./support/tokens.ts";

describe("GraphQL over WebSocket", () => {
  it("runs queries, mutations and subscriptions on one socket", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("s", "subscription { tick }");
    socket.subscribe("q", "{ hello }");
    expect((await socket.next("next", "q")).payload).toEqual({ data: { hello: "world" } });
    await socket.next("complete", "q");
    socket.subscribe("m", "mutation { shout(tick: 7) }");
    expect((await socket.next("next", "s")).payload).toEqual({ data: { tick: 7 } });
  });

  it.each([
    ["a syntax error", { query: "{" }],
    ["an unknown field", { query: "{ nope }" }],
    ["an unknown operation name", { query: "query A { hello }", operationName: "B" }],
    ["too many tokens", { query: `{ ${"hello ".repeat(5001)} }` }],
    ["a correlation id that is no UUID", { query: "{ hello }", extensions: { correlationId: "x" } }],
  ])("answers %s with an error and keeps the socket open", async (_name, payload) => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.send({ id: "bad", type: "subscribe", payload });
    const [error] = (await socket.next("error", "bad")).payload;
    expect(error.extensions).toMatchObject({ code: expect.any(String) });
    expect(error.extensions).not.toHaveProperty("http");
    socket.subscribe("good", "{ hello }");
    expect((await socket.next("next", "good")).payload).toEqual({ data: { hello: "world" } });
  });

  it.each([
    "{ boom }",
    "subscription { boomAtOnce }",
    "subscription { tickThenBoom }",
  ])("masks the errors of %s", async (query) => {
    const { url, logged } = await startServer();
    const socket = await new TestSocket(url).connect();
    const correlationId = "5d9f1f0a-6f0e-4c7e-9d0e-3a5f9b1c2d3e";
    socket.subscribe("b", query, { extensions: { correlationId } });
    let { payload } = await socket.next("next", "b");
    if (!payload.errors) payload = (await socket.next("next", "b")).payload;
    expect(payload.errors).toMatchObject([
      { message: "Unexpected error.", extensions: { code: "INTERNAL_SERVER_ERROR", correlationId } },
    ]);
    expect(JSON.stringify(payload)).not.toContain("secret");
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
    await socket.next("complete", "b");
  });

  it("closes a socket that sends more than 64 KB at once", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("big", `{ hello } #${"x".repeat(65_536)}`);
    expect((await socket.closed).code).toBe(1009);
  });

  it("carries 100 operations and closes at the 101st", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    for (let i = 0; i < 100; i++) socket.subscribe(`s${i}`, "subscription { tick }");
    socket.send({ type: "ping" });
    await socket.next("pong");
    await expect
      .poll(async () => (await send(`${url}/metrics`)).text)
      .toContain('gatehouse_open_subscriptions{transport="websocket"} 100');
    socket.subscribe("s100", "subscription { tick }");
    expect((await socket.closed).code).toBe(4429);
  });

  it("counts sockets and subscriptions down again when the client goes, even from a silent source", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.subscribe("s", "subscription { silent }");
    const metrics = async () => (await send(`${url}/metrics`)).text;
    await expect.poll(metrics).toContain('gatehouse_open_subscriptions{transport="websocket"} 1');
    expect(await metrics()).toContain("gatehouse_open_websockets 1");
    socket.socket.terminate();
    await expect.poll(metrics).toContain('gatehouse_open_subscriptions{transport="websocket"} 0');
    await expect.poll(metrics).toContain("gatehouse_open_websockets 0");
  });
});

describe("authentication of sockets", () => {
  it.each(["Authorization", "authorization"])("takes the token from %s", async (key) => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    const socket = await new TestSocket(url).connect({ [key]: `Bearer ${await token()}` });
    socket.subscribe("q", "{ whoAmI }");
    expect((await socket.next("next", "q")).payload.data.whoAmI).toBe("user:ada");
  });

  it("takes a bare token", async () => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    await new TestSocket(url).connect({ token: await token() });
  });

  it.each([
    ["no token", undefined],
    ["a token that is not valid", { token: "a.b.c" }],
    ["another scheme", { Authorization: "Basic YTpi" }],
    ["a number", { token: 1 }],
  ])("closes with 4403 on %s", async (_name, payload) => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    const socket = await new TestSocket(url).init(payload);
    expect((await socket.closed).code).toBe(4403);
  });

  it("ends the socket when its token expires", async () => {
    const { url, timer } = await startServer({ auth: SECRET_AUTH });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const socket = await new TestSocket(url).connect({ token: await token({ exp }) });
    socket.subscribe("s", "subscription { tick }");
    timer.windTo(new Date((exp - 1) * 1000));
    socket.subscribe("q", "{ hello }");
    await socket.next("complete", "q");
    timer.windTo(new Date(exp * 1000));
    expect(await socket.closed).toEqual({ code: 4403, reason: "Token expired." });
    await expect.poll(() => timer.pending).toBe(0);
  });
});
