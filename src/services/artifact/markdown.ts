import type { Plan } from "../../domain/account/plan.ts";
import type { StoredContent } from "../../domain/artifact/content.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import { artifactMarkdown, type MarkdownDocument, projectMarkdown } from "../../domain/artifact/markdown.ts";
import type { ExportVariant } from "../../domain/artifact/outline.ts";
import type { SectionSources, StaleSection } from "../../domain/artifact/sources.ts";
import type { ChangedSource } from "../../domain/artifact/stale-quotes.ts";
import { gateContent, lockedSections, openSections } from "../../domain/artifact/tier.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import { hashJson } from "../../domain/event/hash.ts";
import type { Artifact, Project } from "../../generated/prisma/client.ts";
import { staleAmong } from "./artifact.ts";

/**
 * A document as Markdown, open sections only; null until it is written.
 *
 * @param rows all documents of its project: what its sections were written from may have changed
 */
export function artifactAsMarkdown(
  row: ExportedRow,
  rows: readonly Artifact[],
  plan: Plan,
  variant: ExportVariant,
): string | null {
  if (row.currentContent === null) return null;
  const document = documentOf(row.type as ArtifactType);
  return artifactMarkdown({ ...exportedDocument(row, rows, plan), document, variant });
}

/** What writing a document out takes of its row. */
export type ExportedRow = Pick<
  Artifact,
  | "type"
  | "currentContent"
  | "versionNumber"
  | "generationStatus"
  | "editedSections"
  | "sources"
  | "generatedAt"
  | "updatedAt"
>;

/** All documents of a project as one Markdown page, open sections only. */
export function projectAsMarkdown(
  { name, description }: Pick<Project, "name" | "description">,
  rows: readonly Artifact[],
  { plan, variant, date }: { readonly plan: Plan; readonly variant: ExportVariant; readonly date: Date },
): string {
  return projectMarkdown({ name, description, date, variant, documents: exportedDocuments(rows, plan) });
}

/** What is to be written out of a project's documents, by their types. */
export function exportedDocuments(
  rows: readonly Artifact[],
  plan: Plan,
): Partial<Record<ArtifactType, MarkdownDocument>> {
  return Object.fromEntries(rows.map((row) => [row.type, exportedDocument(row, rows, plan)]));
}

function exportedDocument(row: ExportedRow, rows: readonly Artifact[], plan: Plan): MarkdownDocument {
  const document = documentOf(row.type as ArtifactType);
  const content = row.currentContent as StoredContent | null;
  const open = openSections(document, plan);
  return {
    content: content && gateContent(document, content, plan),
    locked: lockedSections(document, plan),
    sources: row.sources as unknown as SectionSources,
    version: content && row.versionNumber,
    status: row.generationStatus,
    stale: content
      ? staleAmong(row, rows, plan).map((stale) => ({ ...stale, changes: changesFor(row, rows, stale) }))
      : [],
    editedSections: open.filter((key) => (row.editedSections as string[]).includes(key)),
    generatedAt: row.generatedAt,
    updatedAt: row.updatedAt,
  };
}

/** What those say now that a stale section was written from, and what they said: it is known while it is their previous version. */
function changesFor(
  row: Pick<Artifact, "sources">,
  rows: readonly Artifact[],
  { section, causes }: StaleSection,
): ChangedSource[] {
  const used = (row.sources as unknown as SectionSources)[section] ?? [];
  return causes.flatMap(({ type, section: name }) => {
    const source = used.find((each) => each.type === type && each.section === name);
    const upstream = rows.find((each) => each.type === type);
    const before = (upstream?.previousContent as StoredContent | null | undefined)?.[name];
    if (before === undefined || hashJson(before) !== source?.hash) return [];
    return [{ before, after: (upstream?.currentContent as StoredContent | null)?.[name] }];
  });
}
