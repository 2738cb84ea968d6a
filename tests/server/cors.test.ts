import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { post, send } from "./support/http.ts";
import { openEvents } from "./support/sse.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH, token } from "./support/tokens.ts";

const APP = "https://app.example.com";
const OTHER = "https://other.example.com";
const PREFLIGHT = {
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type,x-correlation-id",
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": "cors",
};
const FETCH = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };

/** The headers that a browser goes by. */
function corsOf(headers: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith("access-control") || name === "vary"),
  );
}

/** The status that refused an upgrade, or 101. */
async function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  socket.on("error", () => {});
  const [, response] = await Promise.race([
    once(socket, "open").then(() => [null, { statusCode: 101 }]),
    once(socket, "unexpected-response"),
  ]);
  socket.terminate();
  return response.statusCode;
}

const MODES = [
  ["without authentication", { kind: "development" }],
  ["with tokens", SECRET_AUTH],
] as const;

describe.each(MODES)("CORS_ORIGINS %s", (_mode, auth) => {
  const start = (...corsOrigins: string[]) => startServer({ auth, corsOrigins });
  const authorized = async () => ({ authorization: `Bearer ${await token()}` });

  it("answers a preflight of that origin, for every header that it asks for", async () => {
    const { url } = await start(OTHER, APP);
    const reply = await send(`${url}/graphql`, { method: "OPTIONS", headers: { origin: APP, ...PREFLIGHT } });
    expect(reply.status).toBe(204);
    expect(corsOf(reply.headers)).toEqual({
      "access-control-allow-origin": APP,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "authorization,content-type,x-correlation-id",
      "access-control-expose-headers":
        "Content-Disposition, RateLimit, RateLimit-Policy, Retry-After, X-Correlation-Id",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers",
    });
  });

  it("lets that origin read answers, refusals and streams", async () => {
    const { url } = await start(APP);
    const headers = { origin: APP, ...FETCH, ...(await authorized()) };
    const allowed = {
      "access-control-allow-origin": APP,
      "access-control-allow-credentials": "true",
      vary: "Origin",
    };
    const answers = [
      await post(url, { query: "{ hello }" }, headers),
      // The second time it takes the quick way.
      await post(url, { query: "{ hello }" }, headers),
      await send(`${url}/graphql?query={hello}`, { headers }),
      await post(url, { query: "{ nothing }" }, headers),
      await send(`${url}/graphql`, { method: "PUT", headers }),
      await post(url, { query: "{ hello }" }, { ...headers, "x-correlation-id": "no" }),
      await post(url, { query: "{ hello }" }, { ...headers, authorization: "Bearer no" }),
      await send(`${url}/export/projects/none.md`, { headers }),
    ];
    expect(answers.map(({ status }) => status).slice(0, 3)).toEqual([200, 200, 200]);
    for (const { headers } of answers) expect(corsOf(headers)).toMatchObject(allowed);
    const stream = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
      body: JSON.stringify({ query: "subscription { tick }" }),
    });
    expect(corsOf(Object.fromEntries(stream.headers))).toMatchObject(allowed);
    await stream.body?.cancel();
  });

  it("gives pages of other origins no headers, and no preflight", async () => {
    const { url } = await start(APP);
    for (const origin of [OTHER, `${APP}.evil.test`, `${APP}:444`, "http://app.example.com", "null", ""]) {
      const preflight = { method: "OPTIONS", headers: { origin, ...PREFLIGHT } };
      const refused = await send(`${url}/graphql`, preflight);
      expect(refused.status).not.toBe(204);
      const answer = await post(url, { query: "{ hello }" }, { origin, ...FETCH, ...(await authorized()) });
      for (const { headers } of [refused, answer]) {
        expect(Object.keys(corsOf(headers)).filter((name) => name !== "vary")).toEqual([]);
      }
    }
  });

  it("lets WebSockets of that origin, of its own pages and of no page in, and no others", async () => {
    const { url } = await start(APP);
    expect(await upgrade(url, { origin: APP })).toBe(101);
    expect(await upgrade(url, { origin: url })).toBe(101);
    expect(await upgrade(url, {})).toBe(101);
    expect(await upgrade(url, { origin: OTHER })).toBe(403);
    expect(await upgrade(url, { origin: "null" })).toBe(403);
  });

  it("opens neither health nor metrics", async () => {
    const { url } = await start(APP);
    for (const path of ["/health/live", "/health/ready", "/metrics", "/nothing"]) {
      expect(corsOf((await send(url + path, { headers: { origin: APP, ...FETCH } })).headers)).toEqual({});
    }
  });

  it("is off unless set", async () => {
    const { url } = await start();
    const preflight = await send(`${url}/graphql`, {
      method: "OPTIONS",
      headers: { origin: APP, ...PREFLIGHT },
    });
    expect(corsOf(preflight.headers)).toEqual({});
    const answer = await post(url, { query: "{ hello }" }, { origin: APP, ...(await authorized()) });
    expect(corsOf(answer.headers)).toEqual({});
  });
});

describe("CORS_ORIGINS=*", () => {
  it("lets every page ask, never with credentials", async () => {
    const { url } = await startServer({ auth: SECRET_AUTH, corsOrigins: ["*"] });
    const headers = { origin: OTHER, authorization: `Bearer ${await token()}` };
    const answer = await post(url, { query: "{ hello }" }, headers);
    expect(answer.status).toBe(200);
    const preflight = await send(`${url}/graphql`, {
      method: "OPTIONS",
      headers: { origin: OTHER, ...PREFLIGHT },
    });
    expect(preflight.status).toBe(204);
    for (const { headers } of [answer, preflight]) {
      expect(headers["access-control-allow-origin"]).toBe("*");
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
    }
    expect(await upgrade(url, { origin: OTHER })).toBe(101);
  });
});

describe("without authentication", () => {
  it("CORS_ORIGINS lets no page in under another name of the server", async () => {
    const { url } = await startServer({ corsOrigins: [APP] });
    const headers = { origin: APP, host: "evil.test" };
    expect((await post(url, { query: "{ hello }" }, headers)).status).toBe(421);
    expect(await upgrade(url, headers)).toBe(421);
  });

  it("a page of CORS_ORIGINS is served, and what it loads without asking (no-cors) is not", async () => {
    const { url } = await startServer({ corsOrigins: [APP] });
    const events = await openEvents(url, "subscription { tick }", { origin: APP });
    await post(url, { query: "mutation { shout(tick: 3) }" }, { origin: APP, ...FETCH });
    expect(await events.next()).toEqual({ event: "next", data: { data: { tick: 3 } } });
    const image = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect((await send(`${url}/graphql?query={hello}`, { headers: image })).status).toBe(403);
  });
});
