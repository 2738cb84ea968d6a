import fc from "fast-check";
import { expect, test } from "vitest";
import { SaidText } from "../../../src/domain/discussion/said-text.ts";

function pass(pieces: readonly string[]): string[] {
  const said = new SaidText();
  return [...pieces.map((piece) => said.take(piece)), said.end()];
}

test("half a character waits for its other half", () => {
  expect(pass(["a\ud83d", "\ude00b"])).toEqual(["a", "😀b", ""]);
});

test("what cannot be stored is left out or replaced", () => {
  expect(pass(["a\u0000b", "\ude00", "c\ud83d"])).toEqual(["ab", "\ufffd", "c", "\ufffd"]);
});

test("however a text is cut, its pieces are storable and together the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.nat(30)), (text, cuts) => {
      const storable = text.replaceAll("\u0000", "");
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b),
        text.length,
      ];
      const pieces = pass(places.slice(1).map((end, index) => text.slice(places[index], end)));
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
      expect(pieces.join("")).toBe(storable);
    }),
  );
});
