import type { JsonValue } from "../event/event.ts";
import { escapeCharacter } from "../plain-line.ts";

/**
 * YAML front matter. Every text is quoted, so that what it says cannot end the front matter, begin another key or be
 * read as a number, a date or a boolean.
 */
export function frontMatter(values: Readonly<Record<string, JsonValue | Date>>): string {
  const lines = Object.entries(values).flatMap(([key, value]) =>
    isRecordList(value)
      ? [`${key}:`, ...value.map((record) => `  - ${inline(record)}`)]
      : [`${key}: ${inline(value instanceof Date ? value.toISOString() : value)}`],
  );
  return ["---", ...lines, "---"].join("\n");
}

function isRecordList(value: JsonValue | Date): value is readonly JsonValue[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "object");
}

/** A text in JSON, with its quotes. */
const TEXT = /"(?:[^"\\]|\\.)*"/g;
/**
 * What YAML wants escaped, what shows text in another order than it has, and what could be HTML, a link, an image or a
 * code span where a reader of Markdown knows no front matter and shows it as text.
 */
const ESCAPED = /[<>&[\]`*~\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** JSON is YAML, but for characters that YAML wants escaped. */
function inline(value: JsonValue): string {
  return JSON.stringify(value).replace(TEXT, (text) => text.replace(ESCAPED, escapeCharacter));
}
