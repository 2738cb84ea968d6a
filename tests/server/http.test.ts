import { once } from "node:events";
import { Agent, type RequestOptions, request as sendRequest } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { startServer } from "./support/start-server.ts";

const JSON_TYPE = { "content-type": "application/json" };

describe("routes", () => {
  it("answers liveness, sends / to GraphQL and knows nothing else", async () => {
    const { url } = await startServer();
    expect((await send(`${url}/health/live`)).json).toEqual({ status: "live" });
    const root = await send(url);
    expect([root.status, root.headers.location]).toEqual([302, "/graphql"]);
    const missing = await send(`${url}/nothing`);
    expect([missing.status, missing.json.errors[0].extensions.code]).toEqual([404, "NOT_FOUND"]);
  });

  it("is ready only while every probe works, and names the one that does not", async () => {
    let broken = false;
    const { url } = await startServer({
      probes: {
        migrations: async () => {},
        database: async () => {
          if (broken) throw new Error("the database does not answer");
        },
      },
    });
    expect((await send(`${url}/health/ready`)).json).toEqual({
      status: "ready",
      checks: { migrations: "ok", database: "ok" },
    });
    broken = true;
    const reply = await send(`${url}/health/ready`);
    expect(reply.status).toBe(503);
    expect(reply.json.checks).toEqual({ migrations: "ok", database: "the database does not answer" });
  });

  it("refuses to start on a port that is taken, naming PORT", async () => {
    const { url } = await startServer();
    const port = Number(new URL(url).port);
    await expect(
      startServer({
        config: {
          host: "127.0.0.1",
          port,
          keepAliveSeconds: 75,
          corsOrigins: [],
          auth: { kind: "development" },
          introspection: true,
          graphiql: true,
        },
      }),
    ).rejects.toThrow(/^PORT: \d+ is in use/);
  });
});

describe("GraphQL over HTTP", () => {
  it.each([
    ["text/plain", '{"query":"{ hello }"}'],
    ["application/x-www-form-urlencoded", "query=mutation{shout(tick:1)}"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{hello}\r\n--x--',
    ],
    ["application/graphql", "{ hello }"],
    ["application/jsonp", '{"query":"{ hello }"}'],
    [undefined, '{"query":"{ hello }"}'],
  ])("refuses a POST as %s, which a foreign page could send", async (type, body) => {
    const { url } = await startServer();
    const headers = type === undefined ? {} : { "content-type": type };
    const reply = await send(`${url}/graphql`, { method: "POST", headers, body });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  it("accepts JSON with a charset", async () => {
    const { url } = await startServer();
    const reply = await post(
      url,
      { query: "{ hello }" },
      { "content-type": "application/json; charset=utf-8" },
    );
    expect(reply.json).toEqual({ data: { hello: "world" } });
  });

  it.each(["content-length", "chunked"])("refuses a body over 256 KB (%s)", async (kind) => {
    const { url } = await startServer();
    const body = JSON.stringify({ query: `{ hello } #${"x".repeat(257 * 1024)}` });
    const headers = kind === "chunked" ? { ...JSON_TYPE, "transfer-encoding": "chunked" } : JSON_TYPE;
    const reply = await send(`${url}/graphql`, { method: "POST", headers, body });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([413, "REQUEST_ENTITY_TOO_LARGE"]);
    expect(reply.json.errors[0].message).toBe("The request body may be at most 256 KB.");
  });

  it.each([
    ["broken JSON", "{", 400],
    ["no object", "null", 400],
    ["a batch", '[{"query":"{ hello }"},{"query":"{ hello }"}]', 400],
    ["no query", "{}", 400],
    ["a syntax error", '{"query":"{"}', 400],
    ["an unknown field", '{"query":"{ nope }"}', 400],
    ["too many tokens", JSON.stringify({ query: `{ ${"hello ".repeat(5001)} }` }), 400],
    ["a variable of the wrong type", '{"query":"query($t: String){echo(text:$t)}","variables":{"t":1}}', 400],
    ["a literal that its scalar refuses", '{"query":"{ even(value: 3) }"}', 400],
    [
      "a variable that its scalar refuses",
      '{"query":"query($v: Even){even(value:$v)}","variables":{"v":3}}',
      400,
    ],
  ])("answers %s with a 4xx and a code", async (_name, body, status) => {
    const { url, logged } = await startServer();
    const headers = { ...JSON_TYPE, accept: "application/graphql-response+json" };
    const reply = await send(`${url}/graphql`, { method: "POST", headers, body });
    expect(reply.json.errors[0]).toMatchObject({
      message: expect.not.stringContaining("Unexpected error"),
      extensions: { code: expect.any(String) },
    });
    expect(reply.status).toBe(status);
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  it("refuses a mutation over GET", async () => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql?query=mutation{shout(tick:1)}`);
    expect(reply.status).toBe(405);
  });

  it("gives no other origin access (no CORS headers)", async () => {
    const { url } = await startServer();
    const reply = await post(url, { query: "{ hello }" }, { origin: url });
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("text that is not UTF-8", () => {
  const latin = Buffer.concat([
    Buffer.from('{"query":"{ echo(text: \\"caf'),
    Buffer.from([0xe9]),
    Buffer.from('\\") }"}'),
  ]);
  const utf8 = Buffer.from('{"query":"{ echo(text: \\"café\\") }"}');

  it.each([
    ["a byte of ISO 8859-1", "application/json", latin],
    ["the same under its own charset", "application/json; charset=iso-8859-1", latin],
    ["UTF-8 under another charset", 'application/json; charset="iso-8859-1"', utf8],
    ["half of a surrogate pair in bytes", "application/json", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["UTF-16", "application/json; charset=utf-16le", Buffer.from("{}", "utf16le")],
  ])("is refused in a body: %s", async (_what, type, body) => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql`, { method: "POST", headers: { "content-type": type }, body });
    expect(reply.status).toBe(400);
    expect(reply.json.errors[0].message).toBe(
      "The request body must be UTF-8. Encode it again, and name no other charset.",
    );
  });

  it.each([
    "application/json",
    "application/json; charset=UTF-8",
    'application/json;charset="utf8"',
  ])("UTF-8 is taken as %s", async (type) => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": type },
      body: utf8,
    });
    expect(reply.json).toEqual({ data: { echo: "café" } });
  });

  it.each(["caf%E9", "%ED%A0%80", "%C3"])("is refused in a GET: %s", async (text) => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql?query={echo(text:"${text}")}`);
    expect(reply.status).toBe(400);
    expect(reply.json.errors[0].message).toBe("The URL must be percent-encoded UTF-8.");
  });

  it("is refused in a GET that is not encoded at all", async () => {
    const { url } = await startServer();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(
      'GET /graphql?query={echo(text:"café")} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
  });

  it.each(["caf%C3%A9", "caf%c3%a9", "100%", "%EF%BF%BD"])("UTF-8 in a GET is taken: %s", async (asked) => {
    const { url } = await startServer();
    const reply = await send(`${url}/graphql?query={echo(text:"${asked}")}`);
    const expected = new URLSearchParams(`text=${asked}`).get("text");
    expect(reply.json).toEqual({ data: { echo: expected } });
  });

  it("closes a WebSocket with 1007", async () => {
    const { url } = await startServer();
    const socket = await new TestSocket(url).connect();
    socket.socket.send(latin, { binary: false });
    expect((await socket.closed).code).toBe(1007);
  });
});

describe("a request that names another protocol", () => {
  async function say(url: string, lines: string[], body = ""): Promise<string> {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write([...lines, "", body].join("\r\n"));
    return await text(socket);
  }
  const HEADERS = ["Host: localhost", "Content-Type: application/json"];
  const QUERY = '{"query":"{ hello }"}';

  it("is answered over HTTP/1.1 when it asks for h2c, on a connection that goes on", async () => {
    const { url } = await startServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string, options: RequestOptions, body?: string) => {
      const request = sendRequest(url + path, { agent, ...options }).end(body);
      const [response] = await once(request, "response");
      return [response.statusCode, JSON.parse(await text(response)), request.reusedSocket];
    };
    const h2c = {
      connection: "Upgrade, HTTP2-Settings",
      upgrade: "h2c",
      "http2-settings": "AAMAAABkAAQAAP__",
    };
    const headers = { "content-type": "application/json", "content-length": QUERY.length, ...h2c };
    const world = { data: { hello: "world" } };
    expect(await ask("/graphql", { method: "POST", headers }, QUERY)).toEqual([200, world, false]);
    expect(await ask("/health/live", {})).toEqual([200, { status: "live" }, expect.anything()]);
    agent.destroy();
  });

  it.each([
    "websocket",
    "h2c, websocket",
    "foo/1, WebSocket",
  ])("gets a WebSocket where it offers %s", async (upgrade) => {
    const { url } = await startServer();
    const request = sendRequest(`${url}/graphql`, {
      headers: {
        connection: "Upgrade",
        upgrade,
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-protocol": "graphql-transport-ws",
      },
    }).end();
    const [response, socket] = await once(request, "upgrade");
    socket.destroy();
    expect(response.statusCode).toBe(101);
  });

  it("is answered where it is no GET, whatever it offers", async () => {
    const { url } = await startServer();
    const upgrade = ["Connection: Upgrade, close", "Upgrade: websocket"];
    const post = ["POST /graphql HTTP/1.1", ...HEADERS, `Content-Length: ${QUERY.length}`];
    expect(await say(url, [...post, ...upgrade], QUERY)).toMatch(/^HTTP\/1.1 200 .*"world"/s);
  });

  it.each([
    "http://localhost:1/graphql",
    "HTTP://LOCALHOST/graphql",
    "https://127.0.0.1/graphql",
  ])("and a whole URL is answered: %s", async (target) => {
    const { url } = await startServer();
    const lines = [
      `POST ${target} HTTP/1.1`,
      ...HEADERS,
      `Content-Length: ${QUERY.length}`,
      "Connection: close",
    ];
    expect(await say(url, lines, QUERY)).toMatch(/^HTTP\/1.1 200 .*"world"/s);
    const get = [`GET ${target}?query={hello} HTTP/1.1`, "Host: localhost", "Connection: close"];
    expect(await say(url, get)).toMatch(/^HTTP\/1.1 200 .*"world"/s);
  });

  it("takes the whole URL's host for the Host, which the guard of loopback reads", async () => {
    const { url } = await startServer();
    const line = "GET http://evil.test/health/live HTTP/1.1";
    expect(await say(url, [line, "Host: localhost", "Connection: close"])).toMatch(/^HTTP\/1.1 421 /);
  });
});

it("tells clients how long a connection waits for its next request", async () => {
  const { url } = await startServer();
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(sendRequest(`${url}/health/live`, { agent }).end(), "response");
  agent.destroy();
  expect(response.headers["keep-alive"]).toBe("timeout=75");
});

describe("errors", () => {
  it("masks an unexpected error and logs it once with its stack and correlation id", async () => {
    const { url, logged } = await startServer();
    const reply = await post(url, { query: "{ boom hello }" });
    const correlationId = reply.headers["x-correlation-id"];
    expect(reply.status).toBe(200);
    expect(reply.json.data).toEqual({ boom: null, hello: "world" });
    expect(reply.json.errors).toEqual([
      {
        message: "Unexpected error.",
        locations: [{ line: 1, column: 3 }],
        path: ["boom"],
        extensions: { code: "INTERNAL_SERVER_ERROR", correlationId },
      },
    ]);
    const errors = logged.filter(({ level }) => level === 50);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      correlationId,
      err: { stack: expect.stringContaining("secret detail") },
    });
  });

  it("answers 500, masked, when the context cannot be made", async () => {
    const { url } = await startServer({
      makeContext: () => {
        throw new Error("secret detail");
      },
    });
    const reply = await post(url, { query: "{ hello }" });
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
    expect(reply.text).not.toContain("secret");
  });

  it.each(["wrongInput", "pothosInput"])("passes %s on as BAD_USER_INPUT", async (field) => {
    const { url } = await startServer();
    const reply = await post(url, { query: `{ ${field} }` });
    expect(reply.json.errors[0]).toMatchObject({ path: [field], extensions: { code: "BAD_USER_INPUT" } });
    expect(reply.json.errors[0].message).toMatch(/is not/);
  });
});

describe("correlation ids", () => {
  it("uses the client's, in the answer, the context and the log", async () => {
    const { url, logged } = await startServer();
    const id = "5d9f1f0a-6f0e-4c7e-9d0e-3a5f9b1c2d3e";
    const reply = await post(url, { query: "{ correlation }" }, { "x-correlation-id": id.toUpperCase() });
    expect(reply.headers["x-correlation-id"]).toBe(id);
    expect(reply.json.data.correlation).toBe(id);
    await expect
      .poll(() => logged)
      .toContainEqual(
        expect.objectContaining({
          correlationId: id,
          operation: "query correlation",
          status: 200,
          outcome: "ok",
          ms: expect.any(Number),
        }),
      );
  });

  it("makes one where there is none, on every answer", async () => {
    const { url } = await startServer();
    for (const path of ["/", "/health/live", "/metrics", "/nothing", "/graphql?query={hello}"]) {
      expect((await send(url + path)).headers["x-correlation-id"]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("refuses one that is not a UUID", async () => {
    const { url } = await startServer();
    const reply = await post(url, { query: "{ hello }" }, { "x-correlation-id": "abc" });
    expect([reply.status, reply.json.errors[0].message]).toEqual([
      400,
      "The header x-correlation-id must be a UUID.",
    ]);
  });
});

describe("GraphiQL", () => {
  it("is one page with a policy that allows no other origin", async () => {
    const { url } = await startServer({
      graphiqlTabs: [{ query: "{ hello }" }, { query: "subscription { tick }" }],
    });
    const reply = await send(`${url}/graphql`, { headers: { accept: "text/html,*/*" } });
    expect(reply.status).toBe(200);
    expect(reply.headers["content-type"]).toContain("text/html");
    expect(reply.text).toContain('"defaultTabs":[{"query":"{ hello }"},{"query":"subscription { tick }"}]');
    expect(reply.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(reply.text.match(/<(script|link|img)[^>]*(src|href)="https?:/g)).toBeNull();
    const again = await send(`${url}/graphql`, {
      headers: { accept: "text/html", "if-none-match": String(reply.headers.etag) },
    });
    expect(again.status).toBe(304);
  });
});

describe("metrics", () => {
  it("counts operations by the schema's names, never the client's", async () => {
    const { url, metrics } = await startServer();
    await post(url, { query: "query Mine { hello }" });
    await post(url, { query: "{ boom }" });
    await post(url, { query: "mutation { a: shout(tick: 1) }" });
    await post(url, { query: "{ hello ...F } fragment F on Query { whoAmI }" });
    await post(url, { query: "{ nope }" });
    metrics.eventAppended("STAGE");
    metrics.eventAppended("STAGE");
    metrics.jobFinished("seed", "completed");
    const lines = async () => (await send(`${url}/metrics`)).text.split("\n");
    await expect
      .poll(lines)
      .toEqual(
        expect.arrayContaining([
          'gatehouse_graphql_operations_total{type="query",field="hello",outcome="ok"} 1',
          'gatehouse_graphql_operations_total{type="query",field="boom",outcome="fault"} 1',
          'gatehouse_graphql_operations_total{type="mutation",field="shout",outcome="ok"} 1',
          'gatehouse_graphql_operations_total{type="query",field="several",outcome="ok"} 1',
          'gatehouse_graphql_operations_total{type="none",field="none",outcome="rejected"} 1',
          'gatehouse_graphql_operation_duration_seconds_count{type="query",field="hello"} 1',
          'gatehouse_open_subscriptions{transport="websocket"} 0',
          'gatehouse_events_appended_total{subject="STAGE"} 2',
          'gatehouse_jobs_total{queue="seed",outcome="completed"} 1',
        ]),
      );
    expect((await lines()).join()).not.toContain("Mine");
    expect((await lines()).join()).toContain("process_cpu_seconds_total");
  });
});

describe("bad input", () => {
  it.each(["variables", "extensions"])("in a GET's %s is a 400 that names the parameter", async (name) => {
    const { url, logged } = await startServer();
    const reply = await send(`${url}/graphql?query={hello}&${name}={`);
    expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([400, "BAD_REQUEST"]);
    expect(reply.json.errors[0].message).toContain(name);
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });

  it.each([
    "@skip(if: true)",
    "@include(if: $yes)",
  ])("%s on a subscription's root field is refused as the specification says", async (directive) => {
    const { url, logged } = await startServer();
    const query = `subscription ($yes: Boolean! = true) { tick ${directive} }`;
    const reply = await post(
      url,
      { query },
      { accept: "application/graphql-response+json, text/event-stream" },
    );
    expect(JSON.stringify(reply.json ?? reply)).toContain("GRAPHQL_VALIDATION_FAILED");
    expect(logged.filter(({ level }) => level === 50)).toEqual([]);
  });
});
