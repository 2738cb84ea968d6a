import type { Plan } from "../../domain/account/plan.ts";
import type { StoredContent } from "../../domain/artifact/content.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import { artifactMarkdown, type MarkdownDocument, projectMarkdown } from "../../domain/artifact/markdown.ts";
import type { ExportVariant } from "../../domain/artifact/outline.ts";
import type { SectionSources } from "../../domain/artifact/sources.ts";
import { gateContent, lockedSections, openSections } from "../../domain/artifact/tier.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import type { Artifact, Project } from "../../generated/prisma/client.ts";

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

/** A document as Markdown, open sections only; null until it is written. */
export function artifactAsMarkdown(row: ExportedRow, plan: Plan, variant: ExportVariant): string | null {
  if (row.currentContent === null) return null;
  const document = documentOf(row.type as ArtifactType);
  return artifactMarkdown({ ...exportedDocument(row, plan), document, variant });
}

/** All documents of a project as one Markdown page, open sections only. */
export function projectAsMarkdown(
  { name, description }: Pick<Project, "name" | "description">,
  rows: readonly ExportedRow[],
  { plan, variant, date }: { readonly plan: Plan; readonly variant: ExportVariant; readonly date: Date },
): string {
  return projectMarkdown({ name, description, date, variant, documents: exportedDocuments(rows, plan) });
}

/** What is to be written out of a project's documents, by their types. */
export function exportedDocuments(
  rows: readonly ExportedRow[],
  plan: Plan,
): Partial<Record<ArtifactType, MarkdownDocument>> {
  return Object.fromEntries(rows.map((row) => [row.type, exportedDocument(row, plan)]));
}

function exportedDocument(row: ExportedRow, plan: Plan): MarkdownDocument {
  const document = documentOf(row.type as ArtifactType);
  const content = row.currentContent as StoredContent | null;
  const open = openSections(document, plan);
  return {
    content: content && gateContent(document, content, plan),
    locked: lockedSections(document, plan),
    sources: row.sources as unknown as SectionSources,
    version: content && row.versionNumber,
    status: row.generationStatus,
    editedSections: open.filter((key) => (row.editedSections as string[]).includes(key)),
    generatedAt: row.generatedAt,
    updatedAt: row.updatedAt,
  };
}
