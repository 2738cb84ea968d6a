import { z } from "zod";
import type { JsonValue } from "../event/event.ts";
import type { StoredContent } from "./content.ts";
import type { SectionSources, Source } from "./sources.ts";

/** A document's content and where it comes from. */
export interface Revision {
  readonly content: StoredContent;
  /** 1 for the first content that a document ever had, and one more with every change. */
  readonly version: number;
  /** The sections that people have changed since a model wrote it. */
  readonly editedSections: readonly string[];
  readonly sources: SectionSources;
  /** The model that wrote it, and when. */
  readonly model: string;
  readonly generatedAt: Date;
}

/** What is kept of a document: what it says, and one version before. */
export interface Revisions {
  /** Null until a model has written it. */
  readonly current: Revision | null;
  readonly previous: Revision | null;
}

/** What the previous version is stored with, beside its content. */
export const originSchema = z.object({
  version: z.number().int(),
  editedSections: z.array(z.string()),
  sources: z.custom<SectionSources>(),
  model: z.string(),
  generatedAt: z.iso.datetime(),
});
export type Origin = z.infer<typeof originSchema>;

/** A model has written the document: what it said until now, edits included, becomes its previous version. */
export function generated(
  { current }: Revisions,
  draft: Pick<Revision, "content" | "sources" | "model" | "generatedAt">,
): { readonly current: Revision; readonly previous: Revision | null } {
  return {
    current: { ...draft, version: (current?.version ?? 0) + 1, editedSections: [] },
    previous: current,
  };
}

/**
 * A person has changed a section. The previous version is what the model wrote, so that the changes are all that people made:
 * the first edit keeps it, further edits leave it alone. Where it is not there any more, because the edited version was
 * brought back by a revert, it is the version before this edit.
 *
 * @param sources what the section counts as made from now: whoever edits it has the earlier documents before them
 */
export function edited(
  current: Revision,
  previous: Revision | null,
  section: string,
  value: JsonValue,
  sources: readonly Source[],
): { readonly current: Revision; readonly previous: Revision | null } {
  const editedSections = current.editedSections.includes(section)
    ? current.editedSections
    : [...current.editedSections, section];
  return {
    current: {
      ...current,
      content: { ...current.content, [section]: value },
      version: current.version + 1,
      editedSections,
      sources: { ...current.sources, [section]: sources },
    },
    previous: previous && isOriginOf(previous, current) ? previous : current,
  };
}

/** Whether a version is what a model wrote and the other one what people have made of it. */
function isOriginOf(previous: Revision, current: Revision): boolean {
  return (
    current.editedSections.length > 0 &&
    previous.editedSections.length === 0 &&
    previous.model === current.model &&
    previous.generatedAt.getTime() === current.generatedAt.getTime()
  );
}

/** Back to the previous version, which changes places with the present one: reverting twice is as if nothing was done. */
export function reverted(
  current: Revision,
  previous: Revision,
): { readonly current: Revision; readonly previous: Revision } {
  return { current: { ...previous, version: current.version + 1 }, previous: current };
}
