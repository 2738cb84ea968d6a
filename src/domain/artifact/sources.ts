import { hashJson } from "../event/hash.ts";
import { type GenerationContext, sourcesOf } from "./context.ts";
import { parseRef, sectionsOf } from "./documents.ts";
import type { DocumentDefinition, SectionDefinition } from "./section.ts";
import type { ArtifactType } from "./type.ts";

/** A section of an earlier document that something was made from, as it was then. */
export interface Source {
  readonly type: ArtifactType;
  readonly section: string;
  /** The earlier document's version then. */
  readonly version: number;
  /** Of what the section said then: a version counts every change, this tells whether it concerns this section. */
  readonly hash: string;
}

/** What each section of a document was made from. */
export type SectionSources = Readonly<Record<string, readonly Source[]>>;

/** The earlier documents with their versions. */
export interface Upstream {
  readonly documents: GenerationContext["documents"];
  readonly versions: Readonly<Partial<Record<ArtifactType, number>>>;
}

/** What a section that is written or edited now is made from: the sections that its definition names, as they are. */
export function sourcesNow(
  section: Pick<SectionDefinition, "uses">,
  { documents, versions }: Upstream,
): readonly Source[] {
  return sourcesOf(section, documents).map(({ type, section: name, value }) => ({
    type,
    section: name,
    version: versions[type] ?? 0,
    hash: hashJson(value),
  }));
}

/** The same for every section of a document. */
export function allSourcesNow(document: DocumentDefinition, upstream: Upstream): SectionSources {
  return Object.fromEntries(
    sectionsOf(document).map(([key, section]) => [key, sourcesNow(section, upstream)]),
  );
}

export interface StaleCause {
  readonly type: ArtifactType;
  readonly section: string;
  /** The earlier document's version that was used, 0 when the section was not there; and the one that it has now. */
  readonly usedVersion: number;
  readonly currentVersion: number;
}

export interface StaleSection {
  readonly section: string;
  readonly causes: readonly StaleCause[];
}

/**
 * The sections that were made from something which says something else now, or was not there yet, and from what: exactly
 * those that use it. A change that was taken back makes nothing stale.
 */
export function staleSections(
  document: DocumentDefinition,
  sources: SectionSources,
  { documents, versions }: Upstream,
): StaleSection[] {
  return sectionsOf(document).flatMap(([section, { uses }]) => {
    const made = Object.hasOwn(sources, section) ? (sources[section] ?? []) : [];
    const causes = uses.flatMap((ref): StaleCause[] => {
      const { type, section: name } = parseRef(ref);
      const used = made.find((source) => source.type === type && source.section === name);
      const value = documents[type]?.[name];
      const hash = value === undefined ? null : hashJson(value);
      if (hash === (used?.hash ?? null)) return [];
      const usedVersion = used?.version ?? 0;
      return [{ type, section: name, usedVersion, currentVersion: versions[type] ?? 0 }];
    });
    return causes.length === 0 ? [] : [{ section, causes }];
  });
}
