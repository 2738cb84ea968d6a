import { PLANS, type Plan } from "../account/plan.ts";
import { assertNever } from "../assert-never.ts";
import { SCHEMA_VERSION_KEY, type StoredContent } from "./content.ts";
import { sectionsOf } from "./documents.ts";
import type { DocumentDefinition, SectionDefinition, SectionTier } from "./section.ts";

/** The cheapest plan that opens sections of a tier. */
export function requiredPlan(tier: SectionTier): Plan {
  switch (tier) {
    case "CORE":
      return "BOOTSTRAPPER";
    case "BUSINESS":
      return "PARTNER";
    case "STRATEGIC":
      return "CTO_SCALE";
    default:
      return assertNever(tier);
  }
}

/** Whether the plan of the project's owner opens a section. */
export function isOpen({ tier }: Pick<SectionDefinition, "tier">, plan: Plan): boolean {
  return PLANS.indexOf(plan) >= PLANS.indexOf(requiredPlan(tier));
}

export interface LockedSection {
  readonly section: string;
  readonly requiredTier: Plan;
}

/** The sections of a document that a plan keeps closed, in their order, with the plan that opens them. */
export function lockedSections(document: DocumentDefinition, plan: Plan): LockedSection[] {
  return sectionsOf(document)
    .filter(([, section]) => !isOpen(section, plan))
    .map(([section, { tier }]) => ({ section, requiredTier: requiredPlan(tier) }));
}

/** The keys of the sections that a plan opens, in their order. */
export function openSections(document: DocumentDefinition, plan: Plan): string[] {
  return sectionsOf(document)
    .filter(([, section]) => isOpen(section, plan))
    .map(([key]) => key);
}

/**
 * Content without what a plan keeps closed: whatever is shown of a document passes through here. Only the sections
 * of its definition come through, so that a section which is no more cannot show either.
 */
export function gateContent(document: DocumentDefinition, content: StoredContent, plan: Plan): StoredContent {
  const open = openSections(document, plan).filter((key) => Object.hasOwn(content, key));
  return Object.fromEntries(
    [SCHEMA_VERSION_KEY, ...open].flatMap((key) => {
      const value = content[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
