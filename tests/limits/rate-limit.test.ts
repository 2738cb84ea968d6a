import { describe, expect, test } from "vitest";
import { RateLimit } from "../../src/limits/rate-limit.ts";
import { memoryTokens, postgresTokens, redisTokens, type TokenStore } from "../../src/limits/token-store.ts";
import { BACKENDS, ownPool, ownRedis } from "./support.ts";

const WINDOW = { name: "test", seconds: 60 };

/** Counts how often it is asked; its window begins when the test says. */
class CountingStore implements TokenStore {
  asked = 0;
  #inner = memoryTokens(WINDOW);

  async consume(key: string, tokens: number) {
    this.asked += 1;
    return this.#inner.consume(key, tokens);
  }

  newWindow(): void {
    this.#inner = memoryTokens(WINDOW);
  }
}

function open(limit: number, blockSize: number) {
  const clock = { now: 0 };
  const store = new CountingStore();
  const options = { store, limit, blockSize, windowSeconds: 60, now: () => clock.now };
  return { clock, store, node: new RateLimit(options), other: new RateLimit(options) };
}

async function takeAll(limits: readonly RateLimit[], count: number, key = "ada", cost = 1): Promise<number> {
  const verdicts = await Promise.all(
    Array.from({ length: count }, (_, n) => (limits[n % limits.length] as RateLimit).take(key, cost)),
  );
  return verdicts.filter(({ allowed }) => allowed).length;
}

describe("a limit on requests", () => {
  test("lets exactly as many pass as a window holds, whatever the size of a block", async () => {
    for (const blockSize of [1, 7, 10, 100, 1_000]) {
      const { node } = open(100, blockSize);
      expect(await takeAll([node], 250)).toBe(100);
    }
  });

  test("asks its store once per block, and not again once it knows that nothing is left", async () => {
    const { node, store } = open(100, 10);
    await takeAll([node], 1_000);
    expect(store.asked).toBe(10);
  });

  test("holds over two nodes, and refuses too early by what the other still holds at the most", async () => {
    const { node, other } = open(100, 10);
    expect(await takeAll([node, other], 300)).toBe(100);
    const second = open(100, 10);
    expect((await second.other.take("ada")).allowed).toBe(true);
    expect(await takeAll([second.node], 300)).toBe(90);
    expect(await takeAll([second.other], 300)).toBe(9);
  });

  test("gives out whole requests of any cost, and no more tokens than a window has", async () => {
    for (const blockSize of [1, 7, 10, 100, 1_000]) {
      const { node, other } = open(100, blockSize);
      expect(await takeAll([node], 30, "ada", 9)).toBe(11);
      expect(await takeAll([node], 30, "ada")).toBe(1);
      const passed = await takeAll([node, other], 30, "bob", 9);
      expect(passed * 9 + (await takeAll([node], 300, "bob")) + (await takeAll([other], 300, "bob"))).toBe(
        100,
      );
    }
  });

  test("takes all that a request costs or nothing: what is left is there for smaller ones", async () => {
    const { node } = open(10, 4);
    await takeAll([node], 4);
    const window = { limit: 10, windowSeconds: 60, resetSeconds: 60 };
    expect(await node.take("ada", 7)).toEqual({ ...window, cost: 7, allowed: false, remaining: 6 });
    expect(await node.take("ada", 6)).toEqual({ ...window, cost: 6, allowed: true, remaining: 0 });
  });

  test("refuses what costs more than a window has, without asking its store again and again", async () => {
    const { node, store } = open(10, 4);
    expect(await takeAll([node], 100, "ada", 11)).toBe(0);
    expect(await takeAll([node], 100, "ada", Number.MAX_SAFE_INTEGER)).toBe(0);
    expect(store.asked).toBe(1);
    expect(await takeAll([node], 100)).toBe(10);
  });

  test("carries nothing of an ended window into the next", async () => {
    const { node, store, clock } = open(10, 10);
    await takeAll([node], 2);
    clock.now += 61_000;
    store.newWindow();
    expect(await takeAll([node], 1, "ada", 9)).toBe(1);
    expect(await takeAll([node], 20)).toBe(1);
    // The store's window ends a little before this process thinks so.
    const early = open(10, 4);
    await takeAll([early.node], 2);
    early.clock.now += 59_000;
    early.store.newWindow();
    expect(await takeAll([early.node], 20, "ada", 5)).toBe(2);
    expect(await takeAll([early.node], 20)).toBe(0);
  });

  test("gives no key more than a window holds, also when it has to forget most of them", async () => {
    const store = new CountingStore();
    const node = new RateLimit({
      store,
      limit: 100,
      blockSize: 10,
      windowSeconds: 60,
      now: () => 0,
      knownKeys: 2,
    });
    const keys = ["ada", "grace", "edsger", "barbara"];
    const allowed = new Map(keys.map((key) => [key, 0]));
    for (let asked = 0; asked < 200; asked += 1) {
      for (const key of keys) {
        if ((await node.take(key)).allowed) allowed.set(key, (allowed.get(key) ?? 0) + 1);
      }
    }
    for (const [key, count] of allowed) {
      expect(count, key).toBeGreaterThan(0);
      expect(count, key).toBeLessThanOrEqual(100);
    }
    const alone = new RateLimit({ store: memoryTokens(WINDOW), limit: 100, windowSeconds: 60, knownKeys: 2 });
    expect(await takeAll([alone], 300, "only")).toBe(100);
  });

  test("counts each key by itself", async () => {
    const { node } = open(10, 3);
    expect(await takeAll([node], 20, "ada")).toBe(10);
    expect(await takeAll([node], 20, "bob")).toBe(10);
  });

  test("says what is left and until when, and begins anew with the next window", async () => {
    const { node, store, clock } = open(10, 4);
    const window = { cost: 1, limit: 10, windowSeconds: 60, resetSeconds: 60 };
    expect(await node.take("ada")).toEqual({ ...window, allowed: true, remaining: 9 });
    await takeAll([node], 20);
    clock.now += 20_500;
    const refused = { ...window, allowed: false, remaining: 0, resetSeconds: 40 };
    expect(await node.take("ada")).toEqual(refused);
    clock.now += 40_000;
    store.newWindow();
    expect(await takeAll([node], 20)).toBe(10);
  });
});

describe.each(BACKENDS)("over $kind", ({ kind, isMissing }) => {
  test.skipIf(isMissing)("three nodes together give out one window's tokens, once", async () => {
    const limits = await openNodes(kind);
    expect(await takeAll(limits, 1_000)).toBe(200);
    const later = await Promise.all(limits.map((limit) => limit.take("ada")));
    expect(later.map(({ allowed }) => allowed)).toEqual([false, false, false]);
    expect(await takeAll(limits, 1_000, "bob")).toBe(200);
    const dear = await takeAll(limits, 300, "eve", 7);
    let single = 0;
    for (const limit of limits) single += await takeAll([limit], 300, "eve");
    expect(dear * 7 + single).toBe(200);
  });
});

async function openNodes(kind: (typeof BACKENDS)[number]["kind"]): Promise<RateLimit[]> {
  const options = { limit: 200, windowSeconds: 60, blockSize: 5 };
  if (kind === "redis") {
    const { connect } = await ownRedis();
    const nodes = await Promise.all([1, 2, 3].map(connect));
    return nodes.map((redis) => new RateLimit({ ...options, store: redisTokens(WINDOW, redis.client) }));
  }
  const pool = await ownPool();
  return [1, 2, 3].map(() => new RateLimit({ ...options, store: postgresTokens(WINDOW, pool) }));
}
