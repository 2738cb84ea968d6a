import bidiFactory from "bidi-js";

// Its types describe an ES module, but Node is given the CommonJS one, whose only export is the function itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200f\u202b\u2067]/u;

/** The direction of every UTF-16 unit of a paragraph: odd levels are written from right to left. */
export interface Direction {
  readonly base: number;
  levelAt(index: number): number;
}

/** By the Unicode Bidirectional Algorithm; the first letter with a direction gives the paragraph's. */
export function directionOf(paragraph: string): Direction {
  if (!RIGHT_TO_LEFT.test(paragraph)) return { base: 0, levelAt: () => 0 };
  const { levels, paragraphs } = bidi.getEmbeddingLevels(paragraph);
  const base = paragraphs[0]?.level ?? 0;
  return { base, levelAt: (index) => levels[index] ?? base };
}

/**
 * A stretch of one level as the font's shaper wants it: that turns round what is written in a script from right to left,
 * so what only has signs is turned round here, with its brackets mirrored.
 */
export function visualText(text: string, level: number): string {
  if (level % 2 === 0 || RIGHT_TO_LEFT.test(text)) return text;
  return [...text]
    .reverse()
    .map((character) => bidi.getMirroredCharacter(character) ?? character)
    .join("");
}

/** Whether a character is shown mirrored where text is written from right to left. */
export function isMirrored(character: string): boolean {
  return bidi.getMirroredCharacter(character) !== null;
}

/** The stretches of a line from left to right, given in the order in which they are read. */
export function visualOrder<Piece extends { readonly level: number }>(pieces: readonly Piece[]): Piece[] {
  const order = [...pieces];
  const highest = Math.max(0, ...pieces.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while (end < order.length && (order[end]?.level ?? 0) >= level) end++;
      if (end - start > 1) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = Math.max(start, end);
    }
  }
  return order;
}
