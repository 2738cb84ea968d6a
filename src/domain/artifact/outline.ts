import { PLAN_TIERS } from "../account/plan.ts";
import type { StoredContent } from "./content.ts";
import { documentOf, sectionsOf } from "./documents.ts";
import { type Block, code, emphasis, line, type Rich } from "./outline-block.ts";
import type { DocumentDefinition, SectionDefinition } from "./section.ts";
import { readableBlocks, technicalBlocks } from "./section-blocks.ts";
import { shapeOf } from "./section-shape.ts";
import type { LockedSection } from "./tier.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "./type.ts";

export const EXPORT_VARIANTS = ["READABLE", "TECHNICAL"] as const;
/** For whom a document is written out: for people, or for engineers and agents. */
export type ExportVariant = (typeof EXPORT_VARIANTS)[number];

/** A section of an earlier document that a section was written from, and in which version. */
export interface SectionSource {
  readonly type: ArtifactType;
  readonly section: string;
  readonly version: number;
}

/** A document to be written out, as its owner's plan shows it. */
export interface OutlinedDocument {
  /** What `gateContent` let through; null when it has not been written yet. */
  readonly content: StoredContent | null;
  /** What the plan keeps closed. These sections are left out even if the content holds them. */
  readonly locked: readonly LockedSection[];
  /** What its sections were written from, by their keys. */
  readonly sources?: Readonly<Record<string, readonly SectionSource[]>>;
}

export interface OutlinedSection {
  readonly key: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What stands in a document, in its order, before it is Markdown or pages. */
export interface DocumentOutline {
  readonly type: ArtifactType;
  readonly title: string;
  /** What stands between the title and the first section. */
  readonly lead: readonly Block[];
  readonly sections: readonly OutlinedSection[];
  /** What stands after the last section. */
  readonly closing: readonly Block[];
}

const NOT_WRITTEN: Block = { kind: "PARAGRAPH", text: [emphasis("Not written yet.")] };

/** Every section of the definition that the plan opens; one without content is said to be not written yet. */
export function documentOutline(
  document: DocumentDefinition,
  { content, locked, sources = {} }: OutlinedDocument,
  variant: ExportVariant,
): DocumentOutline {
  const { type, title, description } = document;
  const about: Block = { kind: "PARAGRAPH", text: [emphasis(description)] };
  if (content === null) return { type, title, lead: [about, NOT_WRITTEN], sections: [], closing: [] };
  const closed = new Set(locked.map(({ section }) => section));
  const sections = sectionsOf(document)
    .filter(([key]) => !closed.has(key))
    .map(([key, section]): OutlinedSection => {
      const value = Object.hasOwn(content, key) ? content[key] : undefined;
      const toBlocks = variant === "READABLE" ? readableBlocks : technicalBlocks;
      const blocks =
        value === undefined || value === null ? [NOT_WRITTEN] : toBlocks(shapeOf(section.schema), value);
      return variant === "READABLE"
        ? { key, title: section.title, blocks }
        : {
            key,
            title: technicalTitle(key, section),
            blocks: [...blocks, ...sourceBlocks(sources[key])],
          };
    });
  return { type, title, lead: [about], sections, closing: closingBlocks(document, locked) };
}

/** All five documents in the order of the chain. */
export function projectOutline(
  documents: Readonly<Partial<Record<ArtifactType, OutlinedDocument>>>,
  variant: ExportVariant,
): DocumentOutline[] {
  return ARTIFACT_TYPES.map((type) =>
    documentOutline(documentOf(type), documents[type] ?? { content: null, locked: [] }, variant),
  );
}

/** A day as people write it: "21 November 2026", in UTC. */
export function dayInWords(date: Date): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date);
}

function technicalTitle(key: string, { title, tier }: SectionDefinition): string {
  return `${title} (${key}, ${tier})`;
}

function sourceBlocks(sources: readonly SectionSource[] = []): Block[] {
  if (sources.length === 0) return [];
  const names = sources.flatMap(
    ({ type, section, version }, index): Rich => [
      line(index === 0 ? "Written from " : ", "),
      code(`${type}.${section}`),
      line(` (version ${version})`),
    ],
  );
  return [{ kind: "PARAGRAPH", text: names }];
}

function closingBlocks(document: DocumentDefinition, locked: readonly LockedSection[]): Block[] {
  const titles = sectionsOf(document).flatMap(([key, { title }]) => {
    const plan = locked.find(({ section }) => section === key)?.requiredTier;
    const name = PLAN_TIERS.find((tier) => tier.plan === plan)?.name;
    return name === undefined ? [] : [`${title} (from the ${name} plan)`];
  });
  if (titles.length === 0) return [];
  return [{ kind: "PARAGRAPH", text: [emphasis(`Not part of your plan: ${titles.join(", ")}.`)] }];
}
