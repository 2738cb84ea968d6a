import type { JsonValue } from "../event/event.ts";
import { sameJson } from "./json-equal.ts";
import type { SectionShape } from "./section-shape.ts";

/** Below it two items without a name in common are two items, not one that was changed. */
export const SIMILAR = 0.5;

/** A choice or a number says little about which item it is: half of all risks are of medium severity. */
const WEIGHTS = { TEXT: 1, LIST: 1, OBJECT: 1, OTHER: 1, NUMBER: 0.25, CHOICE: 0.25 } as const;
/** A name says less than what it names: items that share it are found before anything is compared. */
const LABEL_WEIGHT = 0.5;

type Item = { readonly [key: string]: JsonValue };

/** The fields in which two items differ, in the order of the schema. */
export function changedFields(shape: SectionShape, before: Item, after: Item): string[] {
  const known = shape.fields.map(({ key }) => key);
  const keys = new Set([...known, ...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !sameJson(before[key], after[key]));
}

/**
 * How likely two items are the same one: 4 when they are equal, 2 to 3 when they have the same name, 1 to 2 when only the
 * name differs, else how much they have in common, 0 to 1. The same whichever comes first.
 */
export function itemScore(shape: SectionShape, one: JsonValue, other: JsonValue): number {
  if (sameJson(one, other)) return 4;
  if (!isItem(one) || !isItem(other)) return 0;
  const { labelField } = shape;
  const alike = similarity(shape, one, other);
  if (labelField !== null && typeof one[labelField] === "string" && one[labelField] === other[labelField]) {
    return 2 + alike;
  }
  const changed = changedFields(shape, one, other);
  const renamed = changed.length === 1 && changed[0] === labelField && Object.keys(one).length > 1;
  return renamed ? 1 + alike : alike;
}

export function isItem(value: JsonValue | undefined): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function similarity({ fields, labelField }: SectionShape, one: Item, other: Item): number {
  let total = 0;
  let common = 0;
  for (const { key, kind } of fields) {
    const weight = key === labelField ? LABEL_WEIGHT : WEIGHTS[kind];
    total += weight;
    common += weight * valueSimilarity(one[key], other[key]);
  }
  return total === 0 ? 0 : common / total;
}

function valueSimilarity(one: JsonValue | undefined, other: JsonValue | undefined): number {
  if (sameJson(one, other)) return 1;
  return sharedWords(wordsOf(one), wordsOf(other));
}

function wordsOf(value: JsonValue | undefined): Set<string> {
  const text = typeof value === "string" ? value : Array.isArray(value) ? value.join(" ") : "";
  return new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu));
}

/** Dice's coefficient of two sets of words. */
function sharedWords(one: Set<string>, other: Set<string>): number {
  const size = one.size + other.size;
  const shared = [...one].filter((word) => other.has(word)).length;
  return size === 0 ? 0 : (2 * shared) / size;
}
