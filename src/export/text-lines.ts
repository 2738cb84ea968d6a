import type { Rich, Span } from "../domain/artifact/outline-block.ts";
import { cleanText } from "../domain/artifact/plain-text.ts";
import { type FontId, type FontName, type FontRun, fontRuns } from "./pdf-fonts.ts";
import { directionOf, isMirrored, visualOrder, visualText } from "./text-direction.ts";

/** The width of a text in points. */
export type Measure = (text: string, font: FontId) => number;
/** Splits a text by the fonts that show it. */
export type Runs = (text: string, wanted: FontName) => FontRun[];

export interface Piece extends FontRun {
  readonly level: number;
  readonly width: number;
}

/** A line as it is drawn: its pieces from left to right. */
export interface Line {
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly rightToLeft: boolean;
}

/** What stays on one line: pieces in the order in which they are read, and whether they are white space. */
interface Word {
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly space: boolean;
}

const FONTS = { STRONG: "BOLD", EMPHASIS: "ITALIC", CODE: "REGULAR" } as const;
/** More letters of a size that can be read do not fit on a line. */
const MAX_LETTERS = 400;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Breaks a text into lines of at most `width` points; a word that is longer is broken where the line ends. */
export function linesOf(
  text: Rich,
  width: number,
  measure: Measure,
  font: FontName = "REGULAR",
  runsOf: Runs = fontRuns,
): Line[] {
  return paragraphsOf(text, font, runsOf).flatMap((runs) => wrap(runs, width, measure));
}

/** The widths of the longest word and of the whole text on one line. */
export function widthsOf(text: Rich, measure: Measure, font: FontName = "REGULAR", runsOf: Runs = fontRuns) {
  let longest = 0;
  let whole = 0;
  for (const runs of paragraphsOf(text, font, runsOf)) {
    const words = wordsOf(runs, measure).words;
    longest = Math.max(longest, ...words.map((word) => word.width));
    whole = Math.max(
      whole,
      words.reduce((total, word) => total + word.width, 0),
    );
  }
  return { longest, whole };
}

function paragraphsOf(text: Rich, font: FontName, runsOf: Runs): FontRun[][] {
  const paragraphs: FontRun[][] = [[]];
  for (const span of text) {
    partsOf(span).forEach((part, index) => {
      if (index > 0) paragraphs.push([]);
      const wanted = font === "REGULAR" && span.style ? FONTS[span.style] : font;
      paragraphs.at(-1)?.push(...runsOf(part, wanted));
    });
  }
  return paragraphs.filter((runs) => runs.length > 0);
}

/** The lines of a span. White space and line feeds at its ends separate it from its neighbours. */
function partsOf({ text }: Span): string[] {
  return cleanText(text).split("\n");
}

function wrap(runs: readonly FontRun[], width: number, measure: Measure): Line[] {
  const { words, base } = wordsOf(runs, measure);
  const lines: Line[] = [];
  let current: Word[] = [];
  let used = 0;
  const finish = () => {
    while (current.at(-1)?.space) current.pop();
    if (current.length > 0) lines.push(toLine(current, base));
    current = [];
    used = 0;
  };
  for (const word of words.flatMap((word) => (word.width > width ? broken(word, width, measure) : [word]))) {
    if (used + word.width > width && !word.space) finish();
    if (word.space && current.length === 0) continue;
    current.push(word);
    used += word.width;
  }
  finish();
  return lines;
}

function toLine(words: readonly Word[], base: number): Line {
  const pieces = joined(visualOrder(words.flatMap((word) => word.pieces)));
  const width = pieces.reduce((total, piece) => total + piece.width, 0);
  return { pieces, width, rightToLeft: base % 2 === 1 };
}

/** Neighbours that are drawn alike are drawn at once. Only from left to right: else each word turns by itself. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && last.font === piece.font && last.level % 2 === 0 && last.level === piece.level) {
      result.splice(-1, 1, { ...last, text: last.text + piece.text, width: last.width + piece.width });
    } else result.push(piece);
  }
  return result;
}

/** Chinese and Japanese letters, between which lines may break, with the punctuation that must not be parted from them. */
const IDEOGRAPH =
  "[「『（《〈【〔“‘]*[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}][ー々ゝゞ、。，．：；！？」』）》〉】〕”’…]*";
const WORD = new RegExp(
  `[ ]+|${IDEOGRAPH}|(?:(?!${IDEOGRAPH})[^ \\-–—/])*[-–—/]+|(?:(?!${IDEOGRAPH})[^ \\-–—/])+`,
  "gu",
);
const BREAKS_AFTER = new RegExp(`(?:[-–—/]|${IDEOGRAPH})$`, "u");
const BREAKS_BEFORE = new RegExp(`^${IDEOGRAPH}`, "u");

/** Lines may break at white space, after a hyphen, a dash or a slash, and between ideographs. */
function wordsOf(runs: readonly FontRun[], measure: Measure): { words: Word[]; base: number } {
  const text = runs.map((run) => run.text).join("");
  const direction = directionOf(text);
  const words: Word[] = [];
  let open = false;
  let index = 0;
  for (const { text, font } of runs) {
    for (const [part] of text.matchAll(WORD)) {
      const space = part.startsWith(" ");
      const pieces = piecesOf(part, font, index, direction.levelAt, measure);
      const width = pieces.reduce((total, piece) => total + piece.width, 0);
      const last = words.at(-1);
      if (open && !space && last && !BREAKS_BEFORE.test(part)) {
        words.splice(-1, 1, { pieces: [...last.pieces, ...pieces], width: last.width + width, space });
      } else words.push({ pieces, width, space });
      // A word goes on in the next run, unless a line may break between them.
      open = !space && !BREAKS_AFTER.test(part);
      index += part.length;
    }
  }
  return { words, base: direction.base };
}

/** The stretches of a word that have one direction. */
function piecesOf(
  text: string,
  font: FontId,
  offset: number,
  levelAt: (index: number) => number,
  measure: Measure,
): Piece[] {
  const parts: { text: string; level: number; mirrored: boolean }[] = [];
  let index = offset;
  for (const character of text) {
    const level = levelAt(index);
    const mirrored = level % 2 === 1 && isMirrored(character);
    const last = parts.at(-1);
    if (last && last.level === level && last.mirrored === mirrored) last.text += character;
    else parts.push({ text: character, level, mirrored });
    index += character.length;
  }
  return parts.map(({ text, level }) => {
    const shown = visualText(text, level);
    return { text: shown, font, level, width: measure(shown, font) };
  });
}

/** A word that no line has room for, in parts that fit. */
function broken(word: Word, width: number, measure: Measure): Word[] {
  const parts: Word[] = [];
  for (const piece of word.pieces) {
    let rest = [...graphemes.segment(piece.text)].map(({ segment }) => segment);
    while (rest.length > 0) {
      const count = fitting(rest, width, (text) => measure(text, piece.font));
      const text = rest.slice(0, count).join("");
      rest = rest.slice(count);
      const part: Piece = { ...piece, text, width: measure(text, piece.font) };
      parts.push({ pieces: [part], width: part.width, space: false });
    }
  }
  return parts;
}

/** How many of the letters fit, at least one. */
function fitting(letters: readonly string[], width: number, measure: (text: string) => number): number {
  let [fits, fails] = [1, Math.min(letters.length, MAX_LETTERS) + 1];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (measure(letters.slice(0, middle).join("")) <= width) fits = middle;
    else fails = middle;
  }
  return fits;
}
