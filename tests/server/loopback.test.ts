import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { post, send } from "./support/http.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH } from "./support/tokens.ts";

/** The status that refused an upgrade, or 101. */
async function upgrade(url: string, headers: Record<string, string>, path = "/graphql"): Promise<number> {
  const socket = new WebSocket(url.replace("http", "ws") + path, "graphql-transport-ws", { headers });
  socket.on("error", () => {});
  const [, response] = await Promise.race([
    once(socket, "open").then(() => [null, { statusCode: 101 }]),
    once(socket, "unexpected-response"),
  ]);
  socket.terminate();
  return response.statusCode;
}

const FOREIGN = [
  "evil.test",
  "evil.test:4000",
  "127.0.0.1.evil.test",
  "foo.localhost",
  "localhost.evil.test",
  "10.0.0.1",
  "[::2]",
  "localhost@evil.test",
  "0.0.0.0",
];

describe("without authentication", () => {
  it.each(FOREIGN)("refuses the Host %j on every path and for upgrades", async (host) => {
    const { url } = await startServer();
    for (const path of ["/", "/health/live", "/metrics", "/graphql?query={hello}"]) {
      expect((await send(url + path, { headers: { host } })).status).toBe(421);
    }
    expect((await post(url, { query: "{ hello }" }, { host })).status).toBe(421);
    expect(await upgrade(url, { host })).toBe(421);
  });

  it.each([
    "localhost",
    "LOCALHOST:1",
    "127.0.0.1:4000",
    "127.9.9.9",
    "[::1]:4000",
  ])("accepts the Host %j", async (host) => {
    const { url } = await startServer();
    expect((await post(url, { query: "{ hello }" }, { host })).status).toBe(200);
    expect(await upgrade(url, { host })).toBe(101);
  });

  it.each([
    "http://evil.test",
    "http://127.0.0.1:1",
    "http://localhost",
    "null",
  ])("refuses the Origin %j", async (origin) => {
    const { url } = await startServer();
    expect((await post(url, { query: "{ hello }" }, { origin })).status).toBe(403);
    expect(await upgrade(url, { origin })).toBe(403);
  });

  it.each([
    "cross-site",
    "same-site",
  ])("refuses what a page reads from a %s server, and lets people follow a link", async (site) => {
    const { url } = await startServer();
    const read = { "sec-fetch-site": site, "sec-fetch-mode": "no-cors" };
    expect((await send(`${url}/graphql?query={hello}`, { headers: read })).status).toBe(403);
    const follow = { "sec-fetch-site": site, "sec-fetch-mode": "navigate", accept: "text/html" };
    expect((await send(`${url}/graphql`, { headers: follow })).status).toBe(200);
  });

  it("answers its own page", async () => {
    const { url } = await startServer();
    const own = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" };
    expect((await post(url, { query: "{ hello }" }, own)).status).toBe(200);
  });

  it("accepts its own Origin", async () => {
    const { url } = await startServer();
    expect((await post(url, { query: "{ hello }" }, { origin: url })).status).toBe(200);
    expect(await upgrade(url, { origin: url })).toBe(101);
  });

  it("upgrades on the GraphQL path only", async () => {
    const { url } = await startServer();
    expect(await upgrade(url, {}, "/other")).toBe(404);
  });
});

it("serves any Host where a token is required", async () => {
  const { url } = await startServer({ auth: SECRET_AUTH });
  expect((await send(`${url}/health/live`, { headers: { host: "api.example.com" } })).status).toBe(200);
});
