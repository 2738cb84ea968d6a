import { z } from "zod";
import type { JsonObject, JsonValue } from "./event/event.ts";
import { plainLines } from "./plain-line.ts";

const MAX_JSON_DEPTH = 20;

/** JSON may have it as a key, but whoever copies such an object by assignment loses it: it would be hashed and not stored. */
const PROTOTYPE = "__proto__";

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

const UNSTORABLE = "must not hold NUL characters or unpaired surrogates";

/** Text of 1 to `max` characters, without white space at its ends. */
export function requiredText(max: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must not be longer than ${max.toLocaleString("en")} characters`)
    .refine(isStorable, UNSTORABLE);
}

/** The same for what people are shown as it is: without terminal codes, control characters and overrides of direction. */
export function shownText(max: number) {
  return requiredText(max)
    .transform(plainLines)
    .refine((text) => text !== "", "must not be empty");
}

/** Text of up to `max` characters, which may be empty. */
export function optionalText(max: number) {
  return z
    .string()
    .max(max, `must not be longer than ${max.toLocaleString("en")} characters`)
    .refine(isStorable, UNSTORABLE);
}

/** A short machine-readable key: lower-case letters, digits and underscores, a letter first, at most 50. */
export function keyText(pattern: RegExp) {
  return z
    .string()
    .regex(pattern, "must be 1 to 50 lower-case letters, digits or underscores, and begin with a letter");
}

/** A JSON object of at most that many kilobytes and 20 levels, which PostgreSQL can store. */
export function jsonObjectUpTo(kilobytes: number) {
  return z.custom<JsonObject>().superRefine((value, context) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return context.addIssue({ code: "custom", message: "must be a JSON object" });
    }
    if (!isStorableJson(value, MAX_JSON_DEPTH)) {
      const message = `${UNSTORABLE}, numbers that JSON does not have, the key "__proto__", or more than ${MAX_JSON_DEPTH} levels`;
      return context.addIssue({ code: "custom", message });
    }
    if (Buffer.byteLength(JSON.stringify(value)) > kilobytes * 1_024) {
      context.addIssue({ code: "custom", message: `must not be larger than ${kilobytes} KB` });
    }
  });
}

/** A JSON object of at most 16 KB: what the log takes too. */
export const jsonObject = jsonObjectUpTo(16);

function isStorableJson(value: JsonValue, levels: number): boolean {
  if (levels === 0) return false;
  if (typeof value === "string") return isStorable(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([key, child]) => key !== PROTOTYPE && isStorable(key) && isStorableJson(child, levels - 1),
  );
}

/** The beginning of a text, of at most that many UTF-16 units, and never half of a surrogate pair. */
export function truncate(text: string, max: number): string {
  const start = text.slice(0, max);
  return start.isWellFormed() ? start : start.slice(0, -1);
}
