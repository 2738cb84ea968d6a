import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterRound, continues, roundType, speakingOrder } from "../../../src/domain/discussion/rounds.ts";

const company = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 10 });

describe("the order in which models speak", () => {
  test.each([
    [1, ["a", "b", "c"]],
    [2, ["b", "c", "a"]],
    [3, ["c", "a", "b"]],
    [4, ["a", "b", "c"]],
  ])("in round %i is %j", (roundNumber, order) => {
    expect(speakingOrder(["a", "b", "c"], roundNumber)).toEqual(order);
  });

  test("lets each of them speak once, and end one of any as many rounds as they are", () => {
    fc.assert(
      fc.property(company, fc.integer({ min: 1, max: 10 }), (models, first) => {
        const orders = models.map((_, index) => speakingOrder(models, first + index));
        for (const order of orders) expect(order.toSorted()).toEqual(models.toSorted());
        expect(orders.map((order) => order.at(-1) ?? "").toSorted()).toEqual(models.toSorted());
      }),
    );
  });
});

test.each([
  ["OPEN", 1, "PARALLEL"],
  ["OPEN", 2, "PARALLEL"],
  ["DISCUSS", 1, "PARALLEL"],
  ["DISCUSS", 2, "SEQUENTIAL"],
  ["DISCUSS", 10, "SEQUENTIAL"],
] as const)("in %s round %i is %s", (type, roundNumber, expected) => {
  expect(roundType(type, roundNumber)).toBe(expected);
});

test.each([
  ["OPEN", true, false, "REST"],
  ["DISCUSS", true, false, "SUMMARIZE"],
  ["DISCUSS", true, true, "REST"],
  ["DISCUSS", false, false, "REST"],
] as const)("after a round of %s (planned: %s, failed: %s) it is %s", (discussion, planned, failed, next) => {
  expect(afterRound({ discussion, planned, failed })).toBe(next);
});

test.each([
  [1, 0.79, 0.8, true],
  [1, 0.8, 0.8, false],
  [1, 1, 0.8, false],
  [0, 0, 0.8, false],
  [2, null, 0, true],
  [0, null, 0.8, false],
] as const)("with %i rounds to come, a score of %s and a threshold of %s it goes on: %s", (...args) => {
  const [pending, score, threshold, expected] = args;
  expect(continues(pending, score, threshold)).toBe(expected);
});
