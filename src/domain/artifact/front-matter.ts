import type { JsonValue } from "../event/event.ts";

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

/** JSON is YAML, but for characters that YAML wants escaped. */
function inline(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
