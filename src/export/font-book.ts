import type { Font } from "fontkit";
import { type Face, hasCodePoint, type KnownFonts, listFaces, readFace } from "./machine-fonts.ts";
import {
  type FontId,
  type FontName,
  type FontRun,
  fontRuns,
  pdfFont,
  REPLACEMENT,
  withoutInvisible,
} from "./pdf-fonts.ts";

/** Which of the forms of Chinese characters a text wants: a font has those of one language. */
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;

/**
 * The fonts of one document: those that come with the program, then those of the machine that have what those lack, and a
 * replacement for what none of them has. The machine's are looked for when they are first needed.
 */
export class FontBook {
  /** What no font could show, with how often. */
  readonly missing = new Map<string, number>();
  /** What is known of the machine's font files; null until it was needed. */
  files: KnownFonts | null = null;
  readonly #places: readonly string[] | null;
  readonly #known: KnownFonts;
  readonly #language: RegExp;
  readonly #opened = new Map<string, Font | null>();
  readonly #chosen = new Map<string, FontRun>();

  /**
   * @param places where the machine's fonts are; null for the usual places
   * @param known what an earlier document has found out about them
   * @param sample the document's text, from which its language is guessed
   */
  constructor(places: readonly string[] | null, known: KnownFonts, sample: string) {
    this.#places = places;
    this.#known = known;
    this.#language = KANA.test(sample) ? /JP/ : HANGUL.test(sample) ? /KR/ : /SC|CN|GB/;
  }

  /** Splits a text by the fonts that show it. */
  readonly runs = (text: string, wanted: FontName): FontRun[] =>
    fontRuns(text, wanted, (grapheme) => this.#elsewhere(grapheme, wanted));

  font(id: FontId): Font {
    const font = id.includes("#") ? this.#opened.get(id) : pdfFont(id as FontName).font;
    if (!font) throw new Error(`The font ${id} was not chosen.`);
    return font;
  }

  #elsewhere(grapheme: string, wanted: FontName): FontRun {
    const key = `${wanted} ${grapheme}`;
    const chosen = this.#chosen.get(key) ?? this.#choose(grapheme, wanted);
    this.#chosen.set(key, chosen);
    if (chosen.text === REPLACEMENT) this.missing.set(grapheme, (this.missing.get(grapheme) ?? 0) + 1);
    return chosen;
  }

  #choose(grapheme: string, wanted: FontName): FontRun {
    for (const text of new Set([grapheme, withoutInvisible(grapheme)])) {
      for (const face of this.#candidates(text, wanted)) {
        const font: FontId = `${face.file}#${face.place}`;
        if (this.#shows(font, face, text)) return { text, font };
      }
    }
    return { text: REPLACEMENT, font: "REGULAR" };
  }

  /** The faces that have a text, the best first. */
  #candidates(text: string, wanted: FontName): Face[] {
    this.files ??= listFaces(this.#places, this.#known);
    const points = [...text].map((character) => character.codePointAt(0) ?? 0);
    const score = ({ name, bold, italic }: Face) =>
      (bold === (wanted === "BOLD") ? 8 : 0) +
      (italic ? 0 : 4) +
      (this.#language.test(name) ? 2 : 0) +
      (/serif|mono/i.test(name) ? 0 : 1);
    return [...this.files.values()]
      .flatMap(({ faces }) => faces)
      .filter((face) => points.every((point) => hasCodePoint(face, point)))
      .sort((one, other) => score(other) - score(one));
  }

  #open(id: FontId, face: Face): Font | null {
    if (this.#opened.has(id)) return null;
    const font = readFace(face);
    // PDFKit takes two fonts of one name for one and the same.
    const value = `${face.name}-${this.#opened.size + 1}`;
    if (font) Object.defineProperty(font, "postscriptName", { value });
    this.#opened.set(id, font);
    return font;
  }

  /** Whether a font really draws a text: what its table of characters says, its outlines may lack. */
  #shows(id: FontId, face: Face, text: string): boolean {
    const font = this.#opened.get(id) ?? this.#open(id, face);
    if (!font) return false;
    try {
      const { glyphs } = font.layout(text);
      const outlines = glyphs.map(({ path }) => path.commands.length);
      return glyphs.every(({ id }) => id !== 0) && outlines.some((length) => length > 0);
    } catch {
      return false;
    }
  }
}
