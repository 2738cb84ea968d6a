import type { JsonValue } from "../event/event.ts";
import type { StoredContent } from "./content.ts";
import { sectionsOf } from "./documents.ts";
import { changedFields, isItem, itemScore, SIMILAR } from "./item-similarity.ts";
import { sameJson } from "./json-equal.ts";
import { keptOrder, type Match, matchByPlace, matchItems } from "./match-items.ts";
import type { DocumentDefinition } from "./section.ts";
import { type SectionShape, shapeOf } from "./section-shape.ts";

export const SECTION_CHANGES = ["ADDED", "REMOVED", "CHANGED"] as const;
export type SectionChangeKind = (typeof SECTION_CHANGES)[number];
export const ITEM_CHANGES = ["ADDED", "REMOVED", "CHANGED", "MOVED"] as const;
export type ItemChangeKind = (typeof ITEM_CHANGES)[number];

export interface ItemChange {
  /** CHANGED when it says something else, wherever it stands; MOVED when only its place among the others is another. */
  readonly kind: ItemChangeKind;
  /** What the item is called now, or was called when it is no more. A text is called by itself. */
  readonly label: string;
  /** The fields of a CHANGED object that differ, in the order of the schema; none for texts. */
  readonly fields: readonly string[];
  /** Its place in the list before, from 0 on; null when it was not there. */
  readonly beforeIndex: number | null;
  /** Its place in the list after, from 0 on; null when it is no more. */
  readonly afterIndex: number | null;
}

export interface SectionChange {
  readonly section: string;
  readonly title: string;
  readonly kind: SectionChangeKind;
  /** What stood there; null when it was added. */
  readonly before: JsonValue | null;
  /** What stands there now; null when it was removed. */
  readonly after: JsonValue | null;
  /** What became of the items, in the order in which they are read now; none where the section is no list. */
  readonly items: readonly ItemChange[];
}

/**
 * What is different between two contents of a document, section by section in the order of its definition. Sections
 * that are equal, and keys that are no section, are left out.
 *
 * In lists, objects are the same one when they have the same label, else when they have the most in common; texts when
 * they are equal, else when they follow, or stand before, the same one.
 */
export function changesBetween(
  document: DocumentDefinition,
  before: StoredContent,
  after: StoredContent,
): SectionChange[] {
  return sectionsOf(document).flatMap(([section, { title, schema }]) => {
    const old = sectionValue(before, section);
    const current = sectionValue(after, section);
    if (sameJson(old, current)) return [];
    const kind = old === null ? "ADDED" : current === null ? "REMOVED" : "CHANGED";
    const items = itemChanges(shapeOf(schema), old, current);
    return [{ section, title, kind, before: old, after: current, items }];
  });
}

function sectionValue(content: StoredContent, section: string): JsonValue | null {
  return Object.hasOwn(content, section) ? (content[section] ?? null) : null;
}

function itemChanges(shape: SectionShape, old: JsonValue | null, current: JsonValue | null): ItemChange[] {
  const before = listOrNone(old);
  const after = listOrNone(current);
  if (!before || !after) return [];
  const score = (i: number, j: number) => itemScore(shape, before[i] ?? null, after[j] ?? null);
  const alike = matchItems(before.length, after.length, score, SIMILAR);
  const matches = shape.fields.length > 0 ? alike : matchByPlace(before.length, after.length, alike);
  const kept = keptOrder(matches, ([i, j]) => sameJson(before[i], after[j]));

  const label = (value: JsonValue | undefined) => labelOf(shape, value);
  const changes = matches.flatMap((match): ItemChange[] => {
    const [beforeIndex, afterIndex] = match;
    const [was, is] = [before[beforeIndex], after[afterIndex]];
    const same = sameJson(was, is);
    if (same && kept.includes(match)) return [];
    const fields = isItem(was) && isItem(is) ? changedFields(shape, was, is) : [];
    return [{ kind: same ? "MOVED" : "CHANGED", label: label(is), fields, beforeIndex, afterIndex }];
  });
  const left = new Set(matches.map(([i]) => i));
  const right = new Set(matches.map(([, j]) => j));
  before.forEach((was, beforeIndex) => {
    if (left.has(beforeIndex)) return;
    changes.push({ kind: "REMOVED", label: label(was), fields: [], beforeIndex, afterIndex: null });
  });
  after.forEach((is, afterIndex) => {
    if (right.has(afterIndex)) return;
    changes.push({ kind: "ADDED", label: label(is), fields: [], beforeIndex: null, afterIndex });
  });
  return inReadingOrder(changes, kept);
}

/** A section that is not there has no items; one that is no list has none to compare. */
function listOrNone(value: JsonValue | null): readonly JsonValue[] | undefined {
  if (value === null) return [];
  return Array.isArray(value) ? value : undefined;
}

function labelOf({ labelField }: SectionShape, value: JsonValue | undefined): string {
  const label = isItem(value) && labelField !== null ? value[labelField] : value;
  return typeof label === "string" ? label : JSON.stringify(label ?? null);
}

/** By the place now; what is no more stands after the last item before it that kept its order. */
function inReadingOrder(changes: readonly ItemChange[], kept: readonly Match[]): ItemChange[] {
  const place = ({ beforeIndex, afterIndex }: ItemChange) =>
    afterIndex ?? (kept.findLast(([i]) => i < (beforeIndex ?? 0))?.[1] ?? -1) + 0.5;
  return changes.toSorted(
    (one, other) => place(one) - place(other) || (one.beforeIndex ?? 0) - (other.beforeIndex ?? 0),
  );
}
