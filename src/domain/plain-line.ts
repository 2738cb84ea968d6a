import { stripVTControlCharacters } from "node:util";

/** Where a line ends, by any convention. */
export const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** Control characters, and those that show text in another order than it has. */
const INVISIBLE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;
/** The same in text of one's own, where tabs are kept, and the marks that lines in Arabic or Hebrew need. */
const UNWANTED = /(?:(?!\t)[\p{Cc}\u202A-\u202E\u2066-\u2069])+/gu;

/**
 * Text from elsewhere as one line: without terminal codes and control characters, with single spaces. For what becomes
 * part of somebody else's sentence, and for terminals.
 */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
}

/** Text of several lines that others are shown as it is: the same, but for its lines and the spaces within them. */
export function plainLines(text: string): string {
  const lines = stripVTControlCharacters(text).split(LINE_END);
  return lines
    .map((line) => line.replace(UNWANTED, "").trimEnd())
    .join("\n")
    .trim();
}

/** JSON in which nothing can steer a terminal that shows it: JSON.stringify leaves these as they are. It says the same. */
export function escapeUnseen(json: string): string {
  return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
}

/** A character of one UTF-16 unit as JSON and YAML escape it. */
export function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
