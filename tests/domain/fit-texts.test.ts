import fc from "fast-check";
import { expect, test } from "vitest";
import { fitTexts } from "../../src/domain/fit-texts.ts";

const long = "x".repeat(1_000);

test("texts that fit stay as they are", () => {
  expect(fitTexts(["a", long, ""], 1_001)).toEqual(["a", long, ""]);
  expect(fitTexts([], 0)).toEqual([]);
});

test("the longest are shortened, and say so", () => {
  expect(fitTexts(["short", long, long], 45)).toEqual([
    "short",
    `${"x".repeat(16)} […]`,
    `${"x".repeat(16)} […]`,
  ]);
});

test("together they never have more than the limit, and each is well-formed", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 60 })), fc.nat(200), (texts, max) => {
      const fitting = fitTexts(texts, max);
      expect(fitting).toHaveLength(texts.length);
      expect(fitting.join("").length).toBeLessThanOrEqual(max);
      for (const text of fitting) expect(text.isWellFormed()).toBe(true);
    }),
  );
});
