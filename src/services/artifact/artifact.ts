import type { Plan } from "../../domain/account/plan.ts";
import { annotationsSchema } from "../../domain/artifact/annotation.ts";
import { SCHEMA_VERSION, SCHEMA_VERSION_KEY, type StoredContent } from "../../domain/artifact/content.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import type { ExistingArtifact, GenerationStatus } from "../../domain/artifact/generation.ts";
import { originSchema, type Revision, type Revisions } from "../../domain/artifact/revision.ts";
import {
  type SectionSources,
  type StaleSection,
  staleSections,
  type Upstream,
} from "../../domain/artifact/sources.ts";
import { openSections } from "../../domain/artifact/tier.ts";
import { type ArtifactType, upstreamOf } from "../../domain/artifact/type.ts";
import { type Artifact, Prisma } from "../../generated/prisma/client.ts";

/** A document's row as the rules of generation see it. */
export function toExisting(row: Artifact): ExistingArtifact {
  return {
    type: row.type as ArtifactType,
    status: row.generationStatus as GenerationStatus,
    isWritten: row.currentContent !== null,
    editedSections: row.editedSections as string[],
  };
}

/** What a document's row holds of it, now and one version before. */
export function toRevisions(row: Artifact): Revisions {
  return { current: currentOf(row), previous: previousOf(row) };
}

function currentOf(row: Artifact): Revision | null {
  if (row.currentContent === null || row.model === null || row.generatedAt === null) return null;
  return {
    content: row.currentContent as StoredContent,
    version: row.versionNumber,
    editedSections: row.editedSections as string[],
    sources: row.sources as unknown as SectionSources,
    model: row.model,
    generatedAt: row.generatedAt,
  };
}

function previousOf({ previousContent, previousOrigin }: Artifact): Revision | null {
  if (previousContent === null || previousOrigin === null) return null;
  const { generatedAt, ...origin } = originSchema.parse(previousOrigin);
  return { ...origin, content: previousContent as StoredContent, generatedAt: new Date(generatedAt) };
}

/** The columns of a document that has been written. */
export function toColumns(current: Revision, previous: Revision | null) {
  const schemaVersion = current.content[SCHEMA_VERSION_KEY];
  return {
    currentContent: json(current.content),
    versionNumber: current.version,
    schemaVersion: typeof schemaVersion === "number" ? schemaVersion : SCHEMA_VERSION,
    hasUserEdits: current.editedSections.length > 0,
    editedSections: [...current.editedSections],
    sources: json(current.sources),
    model: current.model,
    generatedAt: current.generatedAt,
    previousContent: previous ? json(previous.content) : Prisma.DbNull,
    previousOrigin: previous ? json(originOf(previous)) : Prisma.DbNull,
  };
}

/** What a person has had the last word on is not failed any more. */
export function settled(now: Date) {
  return { generationStatus: "IDLE", failureReason: null, failureMessage: null, updatedAt: now };
}

function originOf({ content: _content, ...origin }: Revision) {
  return { ...origin, generatedAt: origin.generatedAt.toISOString() };
}

/** The documents that come before one in the chain, as they are, in its order. */
export function upstreamAmong(rows: readonly Artifact[], type: ArtifactType): Upstream {
  const before = upstreamOf(type).flatMap((each) =>
    rows.filter((row) => row.type === each && row.currentContent !== null),
  );
  return {
    documents: Object.fromEntries(before.map((row) => [row.type, row.currentContent as StoredContent])),
    versions: Object.fromEntries(before.map((row) => [row.type, row.versionNumber])),
  };
}

/** The sections that a plan opens and that were made from something which says something else now, and from what. */
export function staleAmong(
  row: Pick<Artifact, "type" | "sources">,
  rows: readonly Artifact[],
  plan: Plan,
): StaleSection[] {
  const type = row.type as ArtifactType;
  const document = documentOf(type);
  const open = openSections(document, plan);
  const stale = staleSections(document, row.sources as unknown as SectionSources, upstreamAmong(rows, type));
  return stale.filter(({ section }) => open.includes(section));
}

/** The notes beside a document's sections, oldest first. */
export function annotationsOf(row: Pick<Artifact, "annotations">) {
  return annotationsSchema.parse(row.annotations);
}

/** The domain's readonly JSON as Prisma wants it. */
function json(value: object): Prisma.InputJsonObject {
  return value as Prisma.InputJsonObject;
}
