import { describe, expect, it } from "vitest";
import { TooManySubscriptionsError } from "../../src/limits/errors.ts";
import { memorySlots } from "../../src/limits/memory-slots.ts";
import { RateLimit } from "../../src/limits/rate-limit.ts";
import { Reachable } from "../../src/limits/reachable.ts";
import { SubscriptionSlots } from "../../src/limits/subscription-slots.ts";
import { memoryTokens } from "../../src/limits/token-store.ts";
import type { SharedLimits } from "../../src/server/request-limits.ts";
import { post, send } from "./support/http.ts";
import { TestSocket } from "./support/socket.ts";
import { openEvents } from "./support/sse.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH, token } from "./support/tokens.ts";

const QUERY = { query: "{ hello }" };
const TICKS = "subscription { tick }";

function rate(limit: number): RateLimit {
  // Time stands still: a window that ended while the test runs would let more pass.
  const store = memoryTokens({ name: "test", seconds: 3_600 });
  return new RateLimit({ store, limit, windowSeconds: 3_600, now: () => 0 });
}

function slots(limit: number): SubscriptionSlots {
  const reachable = new Reachable({ name: "test", log: { info() {}, warn() {} } });
  return new SubscriptionSlots({ store: memorySlots(), reachable, limit });
}

function start(limits: SharedLimits) {
  return startServer({ auth: SECRET_AUTH, limits });
}

async function as(sub: string): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await token({ sub })}` };
}

const LIMITED = {
  code: "RATE_LIMITED",
  cost: 1,
  remaining: 0,
  limit: 3,
  windowSeconds: 3_600,
  retryAfterSeconds: 3_600,
};
/** Costs some hundred fields of the fixture's schema, as often as it is repeated. */
const schemaOf = (times: number) =>
  `{ ${Array.from({ length: times }, (_, index) => `a${index}: __schema { types { name kind fields { name } } }`).join(" ")} }`;

/** How many units an operation takes: one for each 1,000 of its complexity. */
async function unitsOf(url: string, query: string): Promise<number> {
  const reply = await post(url, { query }, { "x-graphql-cost": "1", ...(await as("somebody else")) });
  return Math.ceil(reply.json.extensions.cost.complexity / 1_000);
}

describe("the limit on requests", () => {
  it("answers 429 with when to come back, and says on every answer what is left", async () => {
    const { url } = await start({ requests: rate(3) });
    const ada = await as("ada");
    for (const left of [2, 1, 0]) {
      const { status, headers } = await post(url, QUERY, ada);
      expect(status).toBe(200);
      expect(headers["ratelimit-policy"]).toBe('"requests";q=3;w=3600');
      expect(headers.ratelimit).toBe(`"requests";r=${left};t=3600`);
    }
    const refused = await post(url, QUERY, ada);
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({ "retry-after": "3600", ratelimit: '"requests";r=0;t=3600' });
    expect(refused.json).toEqual({ errors: [{ message: expect.any(String), extensions: LIMITED }] });
    expect((await post(url, QUERY, await as("bob"))).status).toBe(200);
  });

  it("counts one unit for each thousand of an operation's complexity, however it is sent and however often", async () => {
    const { url } = await start({ requests: rate(1_000) });
    const ada = await as("ada");
    const query = schemaOf(20);
    const units = await unitsOf(url, query);
    expect(units).toBeGreaterThan(2);
    for (const times of [1, 2, 3]) {
      const { status, headers } = await post(url, { query }, ada);
      expect([status, headers.ratelimit]).toEqual([200, `"requests";r=${1_000 - times * units};t=3600`]);
    }
    const socket = await new TestSocket(url).connect(ada);
    socket.subscribe("s", query);
    await socket.next("complete", "s");
    const { headers } = await post(url, QUERY, ada);
    expect(headers.ratelimit).toBe(`"requests";r=${1_000 - 4 * units - 1};t=3600`);
  });

  it("counts an operation that is asked again and again, and answered the quick way, by its cost each time", async () => {
    const { url } = await start({ requests: rate(1_000) });
    const ada = await as("ada");
    const query = "query ($n: Int) { page(first: $n) { hello } }";
    const left: unknown[] = [];
    for (const n of [10, 1_500, 1_500, 10]) {
      const { headers, json } = await post(url, { query, variables: { n } }, ada);
      expect(json.errors).toBeUndefined();
      left.push(headers.ratelimit);
    }
    expect(left).toEqual([999, 997, 995, 994].map((r) => `"requests";r=${r};t=3600`));
  });

  it("refuses an operation that costs more than is left, over HTTP and WebSocket, before it runs; smaller ones pass", async () => {
    const query = schemaOf(60);
    const units = await unitsOf((await start({ requests: rate(1_000) })).url, query);
    expect(units).toBeGreaterThan(4);
    const { url } = await start({ requests: rate(units + 1) });
    const ada = await as("ada");
    await post(url, QUERY, ada);
    await post(url, QUERY, ada);
    const refused = await post(url, { query }, ada);
    const left = units - 2;
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({
      "retry-after": "3600",
      ratelimit: `"requests";r=${left};t=3600`,
    });
    expect(refused.json).toEqual({
      errors: [
        {
          message: `This request costs ${units} units, and ${left} of the ${units + 1} in 3600 seconds are left. Try again in 3600 seconds.`,
          extensions: { ...LIMITED, limit: units + 1, cost: units, remaining: left },
        },
      ],
    });
    const socket = await new TestSocket(url).connect(ada);
    socket.subscribe("over", query);
    const [error] = (await socket.next("error", "over")).payload;
    expect(error.extensions).toMatchObject({ code: "RATE_LIMITED", cost: units, remaining: left - 1 });
    socket.subscribe("small", "{ hello }");
    expect((await socket.next("next", "small")).payload).toEqual({ data: { hello: "world" } });
    expect((await post(url, QUERY, await as("bob"))).status).toBe(200);
  });

  it("says of an operation that costs more than a window has that it passes at no time", async () => {
    const { url } = await start({ requests: rate(1) });
    const refused = await post(url, { query: schemaOf(20) }, await as("ada"));
    expect(refused.status).toBe(429);
    expect(refused.headers).not.toHaveProperty("retry-after");
    const [{ message, extensions }] = refused.json.errors;
    expect(message).toMatch(
      /^This request costs \d+ units; at most 1 in 3600 seconds are allowed\. Ask for less at once\.$/,
    );
    expect(extensions).toEqual({
      code: "RATE_LIMITED",
      cost: expect.any(Number),
      remaining: 0,
      limit: 1,
      windowSeconds: 3_600,
    });
  });

  it("does not open a subscription that costs more than is left, over WebSocket and SSE", async () => {
    const query = "subscription { ticks: tick }";
    const dear = "subscription { page(first: 5000) { hello } }";
    const { url } = await start({ requests: rate(4) });
    const ada = await as("ada");
    const socket = await new TestSocket(url).connect(ada);
    socket.subscribe("dear", dear);
    const [error] = (await socket.next("error", "dear")).payload;
    expect(error.extensions).toMatchObject({ code: "RATE_LIMITED", cost: 6 });
    const overSse = await post(url, { query: dear }, { accept: "text/event-stream", ...ada });
    expect(overSse.text).toContain('"code":"RATE_LIMITED"');
    socket.subscribe("cheap", query);
    await post(url, { query: "mutation { shout(tick: 7) }" }, await as("bob"));
    expect((await socket.next("next", "cheap")).payload).toEqual({ data: { ticks: 7 } });
  });

  it("counts exports and both transports together, and a refused operation leaves its socket open", async () => {
    const { url } = await start({ requests: rate(7) });
    const ada = await as("ada");
    const socket = await new TestSocket(url).connect(ada);
    await post(url, QUERY, ada);
    // Five units.
    const file = await send(`${url}/export/projects/p.md`, { headers: ada });
    expect(file.headers.ratelimit).toBe('"requests";r=1;t=3600');
    socket.subscribe("last", TICKS);
    socket.subscribe("over", "{ hello }");
    expect((await socket.next("error", "over")).payload).toEqual([
      { message: expect.any(String), extensions: { ...LIMITED, limit: 7 } },
    ]);
    const refused = await send(`${url}/export/projects/p.md`, { headers: ada });
    expect([refused.status, JSON.parse(refused.text).errors[0].extensions]).toEqual([
      429,
      { ...LIMITED, limit: 7, cost: 5 },
    ]);
    // What was open stays open.
    await post(url, { query: "mutation { shout(tick: 7) }" }, await as("bob"));
    expect((await socket.next("next", "last")).payload).toEqual({ data: { tick: 7 } });
  });

  it("counts what proves nobody by address, and refuses only that", async () => {
    const { url } = await start({ failures: rate(2), trustedProxies: 1 });
    const from = (address: string) => ({
      "x-forwarded-for": `1.2.3.4, ${address}`,
      authorization: "Bearer x",
    });
    const statuses = async (address: string) => {
      const { status, json } = await post(url, QUERY, from(address));
      return [status, json.errors[0].extensions.code];
    };
    expect(await statuses("203.0.113.1")).toEqual([401, "UNAUTHENTICATED"]);
    expect(await statuses("203.0.113.1")).toEqual([401, "UNAUTHENTICATED"]);
    expect(await statuses("203.0.113.1")).toEqual([429, "RATE_LIMITED"]);
    expect(await statuses("203.0.113.2")).toEqual([401, "UNAUTHENTICATED"]);
    expect((await post(url, QUERY, { ...from("203.0.113.1"), ...(await as("ada")) })).status).toBe(200);
    // One network of IPv6 is one address; what is no address is not believed.
    const later = ["2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:0::3"];
    for (const [index, address] of later.entries()) {
      expect((await statuses(address))[0]).toBe(index < 2 ? 401 : 429);
    }
    for (const status of [401, 401, 429]) expect((await statuses("x".repeat(5_000)))[0]).toBe(status);
  });

  it("counts sockets that prove nobody", async () => {
    const { url } = await start({ failures: rate(1) });
    const closes = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      const socket = await new TestSocket(url).init({ token: "x" });
      closes.push(await socket.closed);
    }
    expect(closes).toEqual([
      { code: 4403, reason: "Token is not valid." },
      { code: 4403, reason: expect.stringMatching(/^At most 1 requests/) },
    ]);
  });
});

describe("the limit on open subscriptions", () => {
  it("holds over all connections of a user, and what is closed comes back, however it was closed", async () => {
    const subscriptions = slots(3);
    const { url, metrics } = await start({ subscriptions });
    const ada = await as("ada");
    const first = await new TestSocket(url).connect(ada);
    const second = await new TestSocket(url).connect(ada);
    first.subscribe("a", TICKS);
    second.subscribe("b", TICKS);
    const events = await openEvents(url, TICKS, ada);
    // `free` takes what it finds for a moment: not before everything is open.
    await expect
      .poll(() => metrics.render())
      .toContain('gatehouse_open_subscriptions{transport="websocket"} 2');
    expect(await free(subscriptions)).toBe(0);

    second.subscribe("over", TICKS);
    const { errors } = (await second.next("next", "over")).payload;
    expect(errors).toMatchObject([{ extensions: { code: "TOO_MANY_SUBSCRIPTIONS", limit: 3 } }]);
    await second.next("complete", "over");
    const refused = await post(url, { query: TICKS }, { accept: "text/event-stream", ...ada });
    expect(refused.text).toContain("TOO_MANY_SUBSCRIPTIONS");

    events.abort();
    await expect.poll(() => free(subscriptions)).toBe(1);
    first.socket.terminate();
    await expect.poll(() => free(subscriptions)).toBe(2);
    second.send({ id: "b", type: "complete" });
    await expect.poll(() => free(subscriptions)).toBe(3);
  });

  it.each([
    "subscription { boomAtOnce }",
    "subscription { tickThenBoom }",
  ])("gives back what %s had", async (query) => {
    const subscriptions = slots(1);
    const { url } = await start({ subscriptions });
    const socket = await new TestSocket(url).connect(await as("ada"));
    for (const id of ["first", "second"]) {
      socket.subscribe(id, query);
      await socket.next("complete", id);
      expect(await free(subscriptions)).toBe(1);
    }
    await post(url, { query }, { accept: "text/event-stream", ...(await as("ada")) });
    await expect.poll(() => free(subscriptions)).toBe(1);
  });

  it("does not count queries, nor what is refused before it opens", async () => {
    const subscriptions = slots(1);
    const { url, metrics } = await start({ subscriptions });
    const ada = await as("ada");
    const socket = await new TestSocket(url).connect(ada);
    socket.subscribe("a", TICKS);
    await expect
      .poll(() => metrics.render())
      .toContain('gatehouse_open_subscriptions{transport="websocket"} 1');
    expect((await post(url, QUERY, ada)).json).toEqual({ data: { hello: "world" } });
    // Nobody reads a stream as JSON.
    await post(url, { query: TICKS }, { accept: "application/json", ...(await as("bob")) });
    await expect.poll(() => free(subscriptions, "user:bob")).toBe(1);
  });
});

/** How many more that user could open. */
async function free(subscriptions: SubscriptionSlots, userId = "user:ada"): Promise<number> {
  const releases: (() => void)[] = [];
  try {
    for (;;) releases.push(await subscriptions.open(userId));
  } catch (error) {
    expect(error).toBeInstanceOf(TooManySubscriptionsError);
  }
  for (const release of releases) release();
  return releases.length;
}
