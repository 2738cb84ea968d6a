import { PLAN_TIERS } from "../account/plan.ts";
import type { StoredContent } from "./content.ts";
import { documentOf, sectionsOf } from "./documents.ts";
import { type Block, code, emphasis, line, type Rich, strong } from "./outline-block.ts";
import type { DocumentDefinition, SectionDefinition } from "./section.ts";
import { readableBlocks, technicalBlocks } from "./section-blocks.ts";
import { shapeOf } from "./section-shape.ts";
import type { StaleSection } from "./sources.ts";
import { type ChangedSource, markQuotes } from "./stale-quotes.ts";
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
  /** Its open sections that were written from something which says something else now. */
  readonly stale?: readonly OutdatedSection[];
}

/** A section that is out of date, why, and how its sources have changed, as far as what they said is still known. */
export interface OutdatedSection extends StaleSection {
  readonly changes: readonly ChangedSource[];
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
  { content, locked, sources = {}, stale = [] }: OutlinedDocument,
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
      const isWritten = value !== undefined && value !== null;
      const outdated = isWritten ? stale.find((each) => each.section === key) : undefined;
      const said = isWritten ? toBlocks(shapeOf(section.schema), value) : [NOT_WRITTEN];
      const blocks = outdated
        ? [staleNotice(outdated, variant), ...markQuotes(said, outdated.changes)]
        : said;
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

/** Says that a section is out of date, and which versions of what it was written from and what is now. */
function staleNotice({ causes }: StaleSection, variant: ExportVariant): Block {
  const since = causes.length === 1 ? ", which has changed since." : ", which have changed since.";
  const named = causes.map(({ type, section, usedVersion, currentVersion }) => {
    const document = documentOf(type);
    const title = document.sections[section]?.title ?? section;
    const before = usedVersion === 0 ? "added since" : `version ${usedVersion}`;
    const versions = ` (${before}, version ${currentVersion} now)`;
    const inWords = `“${title}” of the ${document.title.toLowerCase()}${versions}`;
    return { inWords, byKey: [code(`${type}.${section}`), line(versions)] };
  });
  if (variant === "READABLE") {
    const list = named.map(({ inWords }) => inWords).join(", ");
    return { kind: "PARAGRAPH", text: [emphasis(`Out of date: written from ${list}${since}`)] };
  }
  const list = named.flatMap(({ byKey }, index) => (index === 0 ? byKey : [line(", "), ...byKey]));
  return { kind: "PARAGRAPH", text: [strong("Stale:"), line(" written from "), ...list, line(since)] };
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
