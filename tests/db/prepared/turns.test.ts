import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "../../../src/db/prepared/turns.ts";

const LARGE = 40_000;

test("of large results that come at once, one is read in each turn of the event loop", async () => {
  const turns = new Turns();
  const read: number[] = [];
  let turn = 0;
  const all = Promise.all([1, 2, 3].map(() => turns.before(LARGE)?.then(() => read.push(turn))));
  for (turn = 1; read.length < 3; turn += 1) await nextTurn();
  await all;
  expect(new Set(read).size).toBe(3);
  expect(read).toEqual(read.toSorted((a, b) => a - b));
});

test("a small result is read at once", () => {
  const turns = new Turns();
  void turns.before(LARGE);
  expect(turns.before(1_000)).toBeUndefined();
  expect(turns.before(0)).toBeUndefined();
});
