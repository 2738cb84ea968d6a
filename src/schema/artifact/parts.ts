import type { Annotation } from "../../domain/artifact/annotation.ts";
import type { ItemChange, SectionChange } from "../../domain/artifact/diff.ts";
import type { StaleCause, StaleSection } from "../../domain/artifact/sources.ts";
import type { LockedSection } from "../../domain/artifact/tier.ts";
import type { JsonValue } from "../../domain/event/event.ts";
import { PlanEnum } from "../account/plan-tier.ts";
import { builder } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { SECTION_JSON, SHORT_TEXT } from "../weights.ts";
import { ArtifactTypeEnum, ChangeKindEnum } from "./enums.ts";

export const LockedSectionType = builder.objectRef<LockedSection>("LockedSection").implement({
  description:
    "A section that the plan of the project's owner does not open. It is written all the same: a larger plan reveals it at once.",
  fields: (t) => ({
    section: t.exposeString("section", { description: "The section's key." }),
    requiredTier: t.expose("requiredTier", {
      type: PlanEnum,
      description: "The smallest plan that opens it.",
    }),
  }),
});

export const AnnotationType = builder.objectRef<Annotation>("ArtifactAnnotation").implement({
  description: "What a person noted beside a section. It stays when the document is written anew.",
  fields: (t) => ({
    id: t.id({ description: "For removing it.", resolve: ({ id }) => encodeId("annotation", id) }),
    section: t.exposeString("section", { description: "The section that it is about." }),
    note: t.exposeString("note", { complexity: SHORT_TEXT, description: "What was noted." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was noted.",
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
  }),
});

const StaleCauseType = builder.objectRef<StaleCause>("StaleCause").implement({
  description: "A section of an earlier document that says something else than when it was used.",
  fields: (t) => ({
    type: t.expose("type", { type: ArtifactTypeEnum, description: "Of which document." }),
    section: t.exposeString("section", { description: "The section's key." }),
    usedVersion: t.exposeInt("usedVersion", {
      description: "The document's version that was used; 0 when the section was not there.",
    }),
    currentVersion: t.exposeInt("currentVersion", { description: "The version that it has now." }),
  }),
});

export const StaleSectionType = builder.objectRef<StaleSection>("StaleSection").implement({
  description: "A section that was made from something which has changed since.",
  fields: (t) => ({
    section: t.exposeString("section", { description: "The section's key." }),
    causes: t.field({
      type: [StaleCauseType],
      description: "What has changed.",
      resolve: ({ causes }) => [...causes],
    }),
  }),
});

/** An item's change with what it said and says. */
interface ChangedItem extends ItemChange {
  readonly before: JsonValue | null;
  readonly after: JsonValue | null;
}

const ItemChangeType = builder.objectRef<ChangedItem>("ItemChange").implement({
  description: "What happened to an item of a section's list.",
  fields: (t) => ({
    kind: t.expose("kind", { type: ChangeKindEnum, description: "What happened to it." }),
    label: t.exposeString("label", { description: "What it is called; a text is called by itself." }),
    fields: t.stringList({
      description: "Which of its fields changed.",
      resolve: ({ fields }) => [...fields],
    }),
    beforeIndex: t.exposeInt("beforeIndex", {
      nullable: true,
      description: "Its place in the list before, from 0 on; null for a new one.",
    }),
    afterIndex: t.exposeInt("afterIndex", {
      nullable: true,
      description: "Its place in the list now, from 0 on; null for one that is gone.",
    }),
    before: t.expose("before", {
      complexity: SECTION_JSON,
      type: "JSON",
      nullable: true,
      description: "What it said; null for a new one.",
    }),
    after: t.expose("after", {
      complexity: SECTION_JSON,
      type: "JSON",
      nullable: true,
      description: "What it says; null for one that is gone.",
    }),
  }),
});

export const SectionChangeType = builder.objectRef<SectionChange>("SectionChange").implement({
  description: "How a section differs from the document's previous version.",
  fields: (t) => ({
    section: t.exposeString("section", { description: "The section's key." }),
    title: t.exposeString("title", { description: "The section's title." }),
    kind: t.expose("kind", { type: ChangeKindEnum, description: "What happened to it." }),
    before: t.expose("before", {
      complexity: SECTION_JSON,
      type: "JSON",
      nullable: true,
      description: "What it said; null for a new one.",
    }),
    after: t.expose("after", {
      complexity: SECTION_JSON,
      type: "JSON",
      nullable: true,
      description: "What it says; null for one that is gone.",
    }),
    items: t.field({
      type: [ItemChangeType],
      description: "Item by item, where it is a list; empty for text.",
      resolve: ({ items, before, after }) =>
        items.map((item) => ({
          ...item,
          before: itemAt(before, item.beforeIndex),
          after: itemAt(after, item.afterIndex),
        })),
    }),
  }),
});

function itemAt(list: JsonValue | null, index: number | null): JsonValue | null {
  return index === null || !Array.isArray(list) ? null : (list[index] ?? null);
}
