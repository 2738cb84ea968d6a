import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedCache } from "../src/bounded-cache.ts";

const keysOf = <V>(cache: BoundedCache<string, V>) => [...cache].map(([key]) => key);

describe("a bounded cache", () => {
  test("evicts the oldest entry that nobody has used", () => {
    const cache = new BoundedCache<string, number>({ capacity: 2 });
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect(keysOf(cache).toSorted()).toEqual(["a", "c"]);
    expect(cache.get("b")).toBeUndefined();
  });

  test("keeps what is used again and again while one client asks for ten times its capacity, once each", () => {
    const cache = new BoundedCache<string, string>({ capacity: 100 });
    const hot = ["viewer", "projects", "inbox"];
    for (const key of hot) cache.set(key, key);
    let misses = 0;
    for (let asked = 0; asked < 1_000; asked += 1) {
      cache.set(`once ${asked}`, "");
      if (asked % 20 === 0) for (const key of hot) if (cache.get(key) === undefined) misses += 1;
    }
    expect(misses).toBe(0);
  });

  test("does not keep what is heavier than its capacity, and forgets an entry that becomes so", () => {
    const gone: string[] = [];
    const cache = new BoundedCache<string, number>({
      capacity: 10,
      weightOf: (_key, value) => value,
      onEvict: (key) => gone.push(key),
    });
    cache.set("a", 4);
    cache.set("b", 11);
    expect(keysOf(cache)).toEqual(["a"]);
    cache.set("a", 11);
    expect([keysOf(cache), gone, cache.weight]).toEqual([[], ["a"], 0]);
  });

  test("never holds more than its capacity, and gives nothing but what was set last", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "e");
    const step = fc.record({ how: fc.constantFrom("get", "set", "delete"), key, value: fc.nat(7) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 0, max: 12 }), (steps, capacity) => {
        const gone: [string, number][] = [];
        const cache = new BoundedCache<string, number>({
          capacity,
          weightOf: (_key, value) => value,
          onEvict: (key, value) => gone.push([key, value]),
        });
        const lastSet = new Map<string, number>();
        for (const { how, key, value } of steps) {
          if (how === "set") {
            lastSet.set(key, value);
            cache.set(key, value);
          } else if (how === "delete") {
            cache.delete(key);
            expect(cache.get(key)).toBeUndefined();
          } else {
            expect([undefined, lastSet.get(key)]).toContain(cache.get(key));
          }
          const weights = [...cache].map(([, weight]) => weight);
          expect(cache.weight).toBe(weights.reduce((sum, weight) => sum + weight, 0));
          expect(cache.weight).toBeLessThanOrEqual(capacity);
        }
      }),
    );
  });
});
