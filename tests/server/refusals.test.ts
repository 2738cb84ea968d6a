import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDocumentCache } from "../../src/server/document-cache.ts";
import { parseDocument } from "../../src/server/parse-document.ts";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH } from "./support/tokens.ts";

const JSON_TYPE = { "content-type": "application/json" };
const QUERY = JSON.stringify({ query: "{ hello }" });

/** A connection without an HTTP client. */
async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Everything that the server says until it closes the connection. */
async function everything(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  // Not events.once: what the client could not send any more is no failure here.
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

describe.each([
  "application/json",
  "application/graphql-response+json",
])("what is wrong with a request is told with a code and a status, as %s:", (accept) => {
  it.each([
    ["PUT", 405, "METHOD_NOT_ALLOWED"],
    ["DELETE", 405, "METHOD_NOT_ALLOWED"],
    ["OPTIONS", 405, "METHOD_NOT_ALLOWED"],
  ])("%s", async (method, status, code) => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql`, { method, headers: { accept } });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([status, code]);
    expect([reply.headers.allow, reply.headers["content-type"]]).toEqual([
      "GET, POST",
      `${accept}; charset=utf-8`,
    ]);
  });

  it.each([
    ["no JSON", {}, "{", 400, "BAD_REQUEST"],
    ["a number", {}, "1", 400, "BAD_REQUEST"],
    ["null", {}, "null", 400, "BAD_REQUEST"],
    ["an empty object", {}, "{}", 400, "BAD_REQUEST"],
    ["nothing", {}, "", 400, "BAD_REQUEST"],
    ["a batch", {}, `[${QUERY},${QUERY}]`, 400, "BAD_REQUEST"],
    ["an empty batch", {}, "[]", 400, "BAD_REQUEST"],
    ["a compressed body", { "content-encoding": "gzip" }, QUERY, 415, "UNSUPPORTED_CONTENT_ENCODING"],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, "a=b", 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a large body", {}, " ".repeat(256 * 1024 + 1), 413, "REQUEST_ENTITY_TOO_LARGE"],
  ])("%s", async (_name, headers, body, status, code) => {
    const { url, logged } = await startServer();
    const sent = { ...JSON_TYPE, accept, ...headers };
    const reply = await send(`${url}/graphql`, { method: "POST", headers: sent, body });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([status, code]);
    expect(reply.headers["content-type"]).toBe(`${accept}; charset=utf-8`);
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  it("a mutation by GET", async () => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql?query=mutation{shout(tick:1)}`, { headers: { accept } });
    expect([reply.status, reply.json.errors[0].extensions.code, reply.headers.allow]).toEqual([
      405,
      "METHOD_NOT_ALLOWED",
      "POST",
    ]);
  });

  it("no token", async () => {
    const { url } = await startServer({ auth: SECRET_AUTH });
    const reply = await post(url, { query: "{ hello }" }, { accept });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(reply.headers["www-authenticate"]).toBe("Bearer");
  });

  it("a subscription without a stream", async () => {
    const { url } = await startServer();
    const reply = await post(url, { query: "subscription { tick }" }, { accept });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([406, "NOT_ACCEPTABLE"]);
  });
});

describe("an answer that the client does not accept", () => {
  it.each([
    "text/html",
    "image/png",
    "application/json; charset=utf-16",
  ])("%s is refused with 406 before anything is executed", async (accept) => {
    const { url, fixture } = await startServer();
    let shouts = 0;
    fixture.channel.on("tick", () => {
      shouts += 1;
    });
    const reply = await post(url, { query: "mutation { shout(tick: 1) }" }, { accept });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([406, "NOT_ACCEPTABLE"]);
    expect(shouts).toBe(0);
  });
});

describe("a body that is not wanted", () => {
  it("is not sent at all by a client that asks first", async () => {
    const { url } = await startServer();
    const socket = await open(url);
    const said = everything(socket);
    const head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`);
    expect(await said).toMatch(/^HTTP\/1.1 413 .*Connection: close.*REQUEST_ENTITY_TOO_LARGE/s);
  });

  it("may come when it fits", async () => {
    const { url } = await startServer();
    const headers = { ...JSON_TYPE, expect: "100-continue", "content-length": QUERY.length };
    const reply = await send(`${url}/graphql`, { method: "POST", headers, body: QUERY });
    expect(reply.json).toEqual({ data: { hello: "world" } });
  });

  it("is not read on: an endless one is answered and its connection closed", async () => {
    const { url } = await startServer();
    const socket = await open(url);
    const said = everything(socket);
    const head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
    const write = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", write);
    write();
    expect(await said).toMatch(/^HTTP\/1.1 413 .*REQUEST_ENTITY_TOO_LARGE/s);
  });

  it("of a client that goes while it sends concerns nobody", async () => {
    const { url, logged } = await startServer();
    const socket = await open(url);
    const head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Content-Length: 100\r\n\r\n{`);
    await expect.poll(async () => (await send(`${url}/health/live`)).status).toBe(200);
    socket.destroy();
    await expect
      .poll(() => logged)
      .toContainEqual(expect.objectContaining({ msg: "operation", outcome: "rejected" }));
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });
});

describe("what Node refuses", () => {
  it.each([
    ["no HTTP", "HELLO\r\n\r\n", "400", "BAD_REQUEST"],
    ["17 KB of headers", `GET / HTTP/1.1\r\nX: ${"x".repeat(17_000)}\r\n\r\n`, "431", "HEADERS_TOO_LARGE"],
    ["a URL of 17 KB", `GET /${"x".repeat(17_000)} HTTP/1.1\r\n\r\n`, "431", "HEADERS_TOO_LARGE"],
  ])("is answered in the same shape: %s", async (_name, text, status, code) => {
    const { url } = await startServer();
    const socket = await open(url);
    const said = everything(socket);
    socket.write(text);
    const [head, body] = (await said).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body ?? "")).toEqual({
      errors: [{ message: expect.any(String), extensions: { code } }],
    });
  });

  it.each([
    ["headers that do not end", "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX: "],
    [
      "a body that does not end",
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
  ])("is answered with 408: %s", async (_name, text) => {
    const { url } = await startServer({
      connections: { headersTimeoutMs: 50, requestTimeoutMs: 50, checkIntervalMs: 10 },
    });
    const socket = await open(url);
    const said = everything(socket);
    socket.write(text);
    expect(await said).toMatch(/^HTTP\/1.1 408 .*"REQUEST_TIMEOUT"/s);
  });

  it("closes a connection that waits too long for its next request", async () => {
    const { url } = await startServer({ connections: { keepAliveTimeoutMs: 50 } });
    const socket = await open(url);
    const said = everything(socket);
    socket.write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await said).toMatch(/^HTTP\/1.1 200 /);
  });

  it("has no room for more connections than it is told, and room again when one goes", async () => {
    const { url } = await startServer({ connections: { maxConnections: 2 } });
    const [first] = [await open(url), await open(url)];
    await expect(send(`${url}/health/live`)).rejects.toThrow(/hang up|ECONNRESET/);
    first.destroy();
    await expect.poll(async () => (await send(`${url}/health/live`).catch(() => null))?.status).toBe(200);
  });
});

describe("a client that does not read", () => {
  it("is cut off a stream after a while, and others are served", async () => {
    const { url } = await startServer({ connections: { idleTimeoutMs: 200 } });
    const socket = await open(url);
    socket.pause();
    const body = JSON.stringify({ query: "subscription { flood }" });
    const head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Accept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const metrics = async () => (await send(`${url}/metrics`)).text;
    // That it is open may be over before anybody looks; that it was opened stays.
    const opened = 'gatehouse_graphql_operations_total{type="subscription",field="flood",outcome="ok"} 1';
    await expect.poll(metrics, { timeout: 20_000 }).toContain(opened);
    expect((await post(url, { query: "{ hello }" })).status).toBe(200);
    await expect
      .poll(metrics, { timeout: 20_000 })
      .toContain('gatehouse_open_subscriptions{transport="sse"} 0');
  });

  it("is closed with 1013 when 16 MB wait for it on a WebSocket, and others are served", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.socket.pause();
    const payload = "x".repeat(60_000);
    for (let sent = 0; sent < 600; sent += 1) socket.send({ type: "ping", payload: { payload } });
    expect((await post(url, { query: "{ hello }" })).status).toBe(200);
    const metrics = async () => (await send(`${url}/metrics`)).text;
    // It is gone although it has not read why.
    await expect.poll(metrics, { timeout: 20_000 }).toContain("gatehouse_open_websockets 0");
  });

  it("is told why when it reads on", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.socket.pause();
    const payload = "x".repeat(60_000);
    for (let sent = 0; sent < 600; sent += 1) socket.send({ type: "ping", payload: { payload } });
    await expect.poll(() => socket.socket.bufferedAmount, { timeout: 20_000 }).toBe(0);
    socket.socket.resume();
    expect(await socket.closed).toEqual({
      code: 1013,
      reason: "The client does not read what it is sent.",
    });
  });
});

describe("documents that are kept parsed", () => {
  it("are bounded by their length, the one that was used last stays", () => {
    const cache = createDocumentCache(30);
    const texts = ["{ aaaaaaaa }", "{ bbbbbbbb }", "{ cccccccc }"];
    for (const text of texts.slice(0, 2)) cache.set(text, parseDocument(text));
    cache.get(texts[0] ?? "");
    cache.set(texts[2] ?? "", parseDocument(texts[2] ?? ""));
    expect(texts.map((text) => cache.get(text) !== undefined)).toEqual([true, false, true]);
  });
});
