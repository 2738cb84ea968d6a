import { describe, expect, onTestFinished, test } from "vitest";
import { TooManySubscriptionsError } from "../../src/limits/errors.ts";
import { memorySlots } from "../../src/limits/memory-slots.ts";
import { postgresSlots } from "../../src/limits/postgres-slots.ts";
import { Reachable } from "../../src/limits/reachable.ts";
import { redisSlots } from "../../src/limits/redis-slots.ts";
import { NODE_LEASE_MS, type SlotStore } from "../../src/limits/slot-store.ts";
import { SubscriptionSlots } from "../../src/limits/subscription-slots.ts";
import { BACKENDS, ownPool, ownRedis, quiet } from "./support.ts";

const ADA = "00000000-0000-7000-8000-00000000000a";
const BOB = "00000000-0000-7000-8000-00000000000b";
const NEVER_MS = 2 ** 30;

function open(store: SlotStore, limit: number, renewMs = NEVER_MS): SubscriptionSlots {
  const slots = new SubscriptionSlots({
    store,
    reachable: new Reachable({ name: "test", log: quiet }),
    limit,
    renewMs,
  });
  onTestFinished(() => slots.close());
  return slots;
}

async function openMany(nodes: readonly SubscriptionSlots[], count: number, user = ADA) {
  const results = await Promise.allSettled(
    Array.from({ length: count }, (_, n) => (nodes[n % nodes.length] as SubscriptionSlots).open(user)),
  );
  const refused = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  for (const reason of refused) expect(reason).toBeInstanceOf(TooManySubscriptionsError);
  return results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

test("a process alone counts what each user has open; what is given back twice counts once", async () => {
  const slots = open(memorySlots(), 3);
  const [first] = await openMany([slots], 5);
  first?.();
  first?.();
  expect(await openMany([slots], 5)).toHaveLength(1);
  expect(await openMany([slots], 5, BOB)).toHaveLength(3);
});

test("without its store a node counts by itself, and tells the store when it is back", async () => {
  let isDown = true;
  const told: [string, number][] = [];
  const store: SlotStore = {
    claim: () => Promise.reject(new Error("down")),
    async settle(counts) {
      if (isDown) throw new Error("down");
      told.push(...counts);
    },
    forget: async () => {},
  };
  const slots = new SubscriptionSlots({
    store,
    reachable: new Reachable({ name: "test", log: quiet, restMs: 0 }),
    limit: 2,
    renewMs: 10,
  });
  onTestFinished(() => slots.close());
  expect(await openMany([slots], 5)).toHaveLength(2);
  isDown = false;
  await expect.poll(() => told).toContainEqual([ADA, 2]);
});

test("what changes while a node says that it is still there is said after it", async () => {
  const told = new Map<string, number>();
  const entered = Promise.withResolvers<void>();
  const mayGoOn = Promise.withResolvers<void>();
  let isFirst = true;
  const store: SlotStore = {
    async claim(userId, count) {
      told.set(userId, count);
      return true;
    },
    async settle(counts) {
      if (isFirst) {
        isFirst = false;
        entered.resolve();
        // It arrives last: everything else overtakes it.
        await mayGoOn.promise;
      }
      for (const [userId, count] of counts) told.set(userId, count);
    },
    forget: async () => {},
  };
  const slots = open(store, 10, 10);
  const [first] = await openMany([slots], 1);
  await entered.promise;
  first?.();
  await openMany([slots], 2);
  mayGoOn.resolve();
  await expect.poll(() => told.get(ADA)).toBe(2);
});

describe.each(BACKENDS)("over $kind", ({ kind, isMissing }) => {
  test.skipIf(isMissing)(
    "the limit holds exactly when two nodes open at once, and what is closed comes back",
    async () => {
      const { store } = await backendOf(kind);
      const nodes = [open(store("a"), 10), open(store("b"), 10)];
      const releases = await openMany(nodes, 60);
      expect(releases).toHaveLength(10);
      for (const release of releases.slice(0, 4)) release();
      const again: unknown[] = [];
      await expect.poll(async () => again.push(...(await openMany(nodes, 10)))).toBe(4);
      expect(await openMany(nodes, 10, BOB)).toHaveLength(10);
    },
  );

  test.skipIf(isMissing)("a node that is gone without a word counts until its lease ends", async () => {
    const { store } = await backendOf(kind);
    // Neither of them renews nor gives anything back.
    await openMany([open(store("killed"), 4)], 2);
    const alive = open(store("alive"), 4);
    const other = open(store("other"), 4);
    expect(await openMany([alive, other], 4)).toHaveLength(2);

    await openMany([open(store("killed", 1), 4)], 4, BOB);
    const taken: unknown[] = [];
    await expect.poll(async () => taken.push(...(await openMany([alive, other], 4, BOB)))).toBe(4);
  });

  test.skipIf(isMissing)("nothing is left behind when everything is closed", async () => {
    const { store, remaining } = await backendOf(kind);
    const slots = open(store("a"), 10, 20);
    const releases = await openMany([slots], 10);
    expect(await remaining()).toBe(1);
    for (const release of releases) release();
    await expect.poll(remaining).toBe(0);
  });
});

/** Makes the stores of nodes that share one backend, and counts the users that it knows. */
async function backendOf(kind: (typeof BACKENDS)[number]["kind"]) {
  if (kind === "redis") {
    const redis = await (await ownRedis()).connect();
    const count = "return #redis.call('KEYS', KEYS[1])";
    return {
      store: (nodeId: string, leaseMs = NODE_LEASE_MS): SlotStore => redisSlots({ redis, nodeId, leaseMs }),
      remaining: () => redis.run(count, [redis.name("subscriptions", "*")], []),
    };
  }
  const pool = await ownPool();
  return {
    store: (nodeId: string, leaseMs = NODE_LEASE_MS): SlotStore =>
      postgresSlots({ query: (sql, values) => pool.query(sql, values), nodeId, leaseMs }),
    remaining: async () => (await pool.query("SELECT FROM open_subscription")).rowCount,
  };
}
