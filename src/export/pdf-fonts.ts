import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

/** DejaVu Sans Condensed covers Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian, and many signs. */
const FILES = {
  REGULAR: "DejaVuSansCondensed.ttf",
  BOLD: "DejaVuSansCondensed-Bold.ttf",
  ITALIC: "DejaVuSansCondensed-Oblique.ttf",
} as const;
export type FontName = keyof typeof FILES;

export interface PdfFont {
  /** Read once: its tables are the costly part, and no document changes them. */
  readonly font: Font;
  readonly covers: (codePoint: number) => boolean;
}

const require = createRequire(import.meta.url);
const loaded = new Map<FontName, PdfFont>();

/** Reads a font the first time that it is asked for. */
export function pdfFont(name: FontName): PdfFont {
  const known = loaded.get(name);
  if (known) return known;
  const font = create(readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${FILES[name]}`)));
  if (!("characterSet" in font)) throw new Error(`${FILES[name]} is not a single font`);
  const characters = new Set(font.characterSet);
  const result: PdfFont = { font, covers: (codePoint) => characters.has(codePoint) };
  loaded.set(name, result);
  return result;
}

/** What stands for a character that none of the fonts has. */
export const REPLACEMENT = "\ufffd";

/** A font of the program, or one of the machine: its file and its place in it. */
export type FontId = FontName | `${string}#${number}`;

/** A stretch of text that one font can show. */
export interface FontRun {
  readonly text: string;
  readonly font: FontId;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Characters that only say how another one is to be shown. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Splits a text by the font that shows it: the wanted one, the regular one where it has more, or whatever is found elsewhere.
 *
 * @param elsewhere finds a font for a grapheme that neither has; a replacement stands for it unless told
 */
export function fontRuns(
  text: string,
  wanted: FontName,
  elsewhere: (grapheme: string) => FontRun = () => ({ text: REPLACEMENT, font: "REGULAR" }),
): FontRun[] {
  if (covers(wanted, text)) return text === "" ? [] : [{ text, font: wanted }];
  const runs: { text: string; font: FontId }[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const shown = own(segment, wanted) ?? own(withoutInvisible(segment), wanted) ?? elsewhere(segment);
    const last = runs.at(-1);
    if (last?.font === shown.font) last.text += shown.text;
    else runs.push({ ...shown });
  }
  return runs.filter((run) => run.text !== "");
}

/** The grapheme in a font of the program; null when none has it. */
function own(grapheme: string, wanted: FontName): FontRun | null {
  const font = [wanted, "REGULAR" as const].find((name) => covers(name, grapheme));
  return font ? { text: grapheme, font } : null;
}

/** A grapheme without what only says how it is to be shown. */
export function withoutInvisible(grapheme: string): string {
  return grapheme.replace(INVISIBLE, "");
}

function covers(font: FontName, text: string): boolean {
  const { covers } = pdfFont(font);
  for (const character of text) if (!covers(character.codePointAt(0) ?? 0)) return false;
  return true;
}
