import { howItWorks } from "./how-it-works.ts";
import { milestonePlan } from "./milestone-plan.ts";
import { mvpScope } from "./mvp-scope.ts";
import { productBrief } from "./product-brief.ts";
import { riskLog } from "./risk-log.ts";
import type { DocumentDefinition, SectionDefinition, SectionRef } from "./section.ts";
import type { ArtifactType } from "./type.ts";

/** The five documents, as everything that deals with one of them finds it. */
export const DOCUMENTS = {
  BRIEF: productBrief,
  MVP_SCOPE: mvpScope,
  MILESTONES: milestonePlan,
  RISK_LOG: riskLog,
  HOW_IT_WORKS: howItWorks,
} as const satisfies Record<ArtifactType, DocumentDefinition>;

/** The definition of a document, whichever it is. */
export function documentOf(type: ArtifactType): DocumentDefinition {
  return DOCUMENTS[type];
}

/** A document's sections with their keys, in their order. */
export function sectionsOf(document: DocumentDefinition): readonly (readonly [string, SectionDefinition])[] {
  return Object.entries(document.sections);
}

/** A section of a document; undefined when it has none of that key. */
export function sectionOf(document: DocumentDefinition, key: string): SectionDefinition | undefined {
  return Object.hasOwn(document.sections, key) ? document.sections[key] : undefined;
}

/** The document and the section that a reference names. */
export function parseRef(ref: SectionRef): { readonly type: ArtifactType; readonly section: string } {
  const [type, section] = ref.split(".", 2);
  return { type: type as ArtifactType, section: section ?? "" };
}
