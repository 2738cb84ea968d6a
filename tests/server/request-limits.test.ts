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

const LIMITED = { code: "RATE_LIMITED", limit: 3, windowSeconds: 3_600, retryAfterSeconds: 3_600 };

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

  it("counts exports and both transports together, and a refused operation leaves its socket open", async () => {
    const { url } = await start({ requests: rate(3) });
    const ada = await as("ada");
    const socket = await new TestSocket(url).connect(ada);
    await post(url, QUERY, ada);
    await send(`${url}/export/projects/p.md`, { headers: ada });
    socket.subscribe("last", TICKS);
    socket.subscribe("over", "{ hello }");
    expect((await socket.next("error", "over")).payload).toEqual([
      { message: expect.any(String), extensions: LIMITED },
    ]);
    expect((await send(`${url}/export/projects/p.md`, { headers: ada })).status).toBe(429);
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
