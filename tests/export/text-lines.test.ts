import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FontRun } from "../../src/export/pdf-fonts.ts";
import { type Line, linesOf, widthsOf } from "../../src/export/text-lines.ts";

/** Every letter is a point wide. */
const measure = (text: string) => [...text].length;
const shown = ({ pieces }: Line) => pieces.map(({ text }) => text).join("");
const lines = (text: string, width: number) => linesOf([{ text }], width, measure).map(shown);

describe("linesOf", () => {
  test.each([
    ["we count stock", 8, ["we count", "stock"]],
    ["we  count", 20, ["we  count"]],
    ["a\nb\n\nc", 20, ["a", "b", "c"]],
    ["well-known and/or", 6, ["well-", "known", "and/or"]],
    ["abcdefghij k", 4, ["abcd", "efgh", "ij k"]],
    ["", 5, []],
  ])("breaks %j at %d into %j", (text, width, expected) => {
    expect(lines(text, width)).toEqual(expected);
  });

  test("keeps what belongs together on a line where its style changes", () => {
    const text = [{ text: "a b", style: "STRONG" as const }, { text: "c d" }];
    expect(linesOf(text, 3, measure).map(shown)).toEqual(["a", "bc", "d"]);
  });

  test("keeps the spaces between spans", () => {
    const [line] = linesOf([{ text: "a:", style: "STRONG" }, { text: " b" }], 9, measure);
    expect(line?.pieces.map(({ text, font }) => [text, font])).toEqual([
      ["a:", "BOLD"],
      [" b", "REGULAR"],
    ]);
  });

  test("breaks where a span has a line feed, also at its ends or alone", () => {
    const text = [{ text: "We trust", style: "STRONG" as const }, { text: "\n" }, { text: "One of\nthem\n" }];
    expect(linesOf([...text, { text: "counts" }], 99, measure).map(shown)).toEqual([
      "We trust",
      "One of",
      "them",
      "counts",
    ]);
  });

  test("draws words that are read from right to left in their order", () => {
    const [line] = linesOf([{ text: "שלום 42 (עולם)!" }], 99, measure);
    expect(line?.rightToLeft).toBe(true);
    // The words themselves are turned round by the font's shaper.
    expect(line?.pieces.map(({ text }) => text)).toEqual(["!", "(", "עולם", ")", " ", "42", " ", "שלום"]);
  });

  test("draws words from right to left within a line from left to right", () => {
    const [line] = linesOf([{ text: "say שלום עולם twice" }], 99, measure);
    expect(line?.rightToLeft).toBe(false);
    expect(line?.pieces.map(({ text }) => text)).toEqual(["say ", "עולם", " ", "שלום", " twice"]);
  });

  test("uses no line wider than it may, and loses no letter", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abשע1-/("), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.integer({ min: 1, max: 15 }), (words, width) => {
        const set = linesOf([{ text: words.join(" ") }], width, measure);
        for (const line of set) expect(line.width).toBeLessThanOrEqual(width);
        const letters = (text: string) => [...text.replace(/[\s()]/g, "")].sort().join("");
        expect(letters(set.map(shown).join(""))).toBe(letters(words.join("")));
      }),
    );
  });
});

describe("widthsOf", () => {
  test("are those of the longest word and of the longest line", () => {
    expect(widthsOf([{ text: "we count\nstock again" }], measure)).toEqual({ longest: 5, whole: 11 });
  });
});

describe("Chinese and Japanese", () => {
  test.each([
    ["中文中文中文", 4, ["中文中文", "中文"]],
    ["ab 中文中文", 5, ["ab 中文", "中文"]],
    ["我们数。货架", 3, ["我们", "数。货", "架"]],
    ["数「货架」完", 3, ["数「货", "架」完"]],
    ["shelf中文", 6, ["shelf中", "文"]],
  ])("break %j at %d into %j", (text, width, expected) => {
    const runs = (part: string): FontRun[] => [{ text: part, font: "REGULAR" }];
    expect(linesOf([{ text }], width, measure, "REGULAR", runs).map(shown)).toEqual(expected);
  });
});
