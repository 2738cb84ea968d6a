import type { Decision } from "../stage/transition.ts";
import type { StoredContent } from "./content.ts";
import { parseRef } from "./documents.ts";
import type { SectionDefinition } from "./section.ts";
import type { ArtifactType } from "./type.ts";

/** What a document is written from: the project's own words, what was decided, and the documents before it. */
export interface GenerationContext {
  readonly project: {
    readonly name: string;
    readonly description: string;
    /** The title of the stage that it is in. */
    readonly stage: string;
  };
  /** The decisions of its gates, oldest first. */
  readonly decisions: readonly {
    readonly gateType: string;
    readonly stage: string;
    readonly decision: Decision;
    readonly reason: string | null;
  }[];
  /** The undismissed risks that people have raised. */
  readonly risks: readonly { readonly stage: string; readonly type: string; readonly message: string }[];
  /** The documents before it in the chain, as they are now, edits included. */
  readonly documents: Readonly<Partial<Record<ArtifactType, StoredContent>>>;
}

/** What of the earlier documents a section is written from: exactly the sections that it says it uses, where they are there. */
export function sourcesOf(
  { uses }: Pick<SectionDefinition, "uses">,
  documents: GenerationContext["documents"],
): { readonly type: ArtifactType; readonly section: string; readonly value: StoredContent[string] }[] {
  return uses.flatMap((ref) => {
    const { type, section } = parseRef(ref);
    const value = documents[type]?.[section];
    return value === undefined ? [] : [{ type, section, value }];
  });
}
