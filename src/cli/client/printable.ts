import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** Control characters, and those that make a terminal show text in another order than it has. */
const UNPRINTABLE = /[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text from elsewhere as one line that cannot steer the terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(UNPRINTABLE, " ").trim();
}

/** At most that many columns of a terminal; what is cut off leaves an ellipsis. For text without styles. */
export function truncate(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let fitting = "";
  let width = 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    fitting += segment;
  }
  return columns > 0 ? `${fitting}…` : "";
}
