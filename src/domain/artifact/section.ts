import { z } from "zod";
import { requiredText } from "../text.ts";
import type { ArtifactType } from "./type.ts";

/** Which plans open a section: every plan, from PARTNER on, CTO_SCALE. */
export const SECTION_TIERS = ["CORE", "BUSINESS", "STRATEGIC"] as const;
export type SectionTier = (typeof SECTION_TIERS)[number];

/** A section of a document, by name: "BRIEF.valueProposition". */
export type SectionRef = `${ArtifactType}.${string}`;

/**
 * All that is to be known of a section. Validation, the GraphQL type, the tier gate, the prompt and the Markdown are
 * made from it: adding a section is adding one of these to its document.
 */
export interface SectionDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly title: string;
  readonly tier: SectionTier;
  /** What stands in it, in the words of the people who build the product: "we". */
  readonly description: string;
  /** Text, a list of texts, a whole number, or a list of objects with such fields. */
  readonly schema: Schema;
  /** The sections of earlier documents that it is written from, none of a higher tier: what a plan hides must not show through. */
  readonly uses: readonly SectionRef[];
}

export type Sections = Readonly<Record<string, SectionDefinition>>;

/** One of the five documents. */
export interface DocumentDefinition<Of extends Sections = Sections> {
  readonly type: ArtifactType;
  /** The name of its content's GraphQL type. */
  readonly typeName: string;
  readonly title: string;
  readonly description: string;
  /** In the order in which they are read. */
  readonly sections: Of;
}

/** Keeps the exact type of the sections. */
export function defineDocument<const Of extends Sections>(
  definition: DocumentDefinition<Of>,
): DocumentDefinition<Of> {
  return definition;
}

type SectionOf<Schema extends z.ZodType> = Omit<SectionDefinition<Schema>, "tier" | "uses"> & {
  readonly uses?: readonly SectionRef[];
};

const sectionOf =
  (tier: SectionTier) =>
  <Schema extends z.ZodType>({ uses = [], ...section }: SectionOf<Schema>): SectionDefinition<Schema> => ({
    ...section,
    tier,
    uses,
  });

/** A section that every plan opens. */
export const core = sectionOf("CORE");
/** A section that PARTNER opens. */
export const business = sectionOf("BUSINESS");
/** A section that CTO_SCALE opens. */
export const strategic = sectionOf("STRATEGIC");

/** A paragraph or several. */
export const prose = () => requiredText(8_000);
/** A line or two. */
export const line = () => requiredText(500);
/** A name that other documents refer to. */
export const label = () => requiredText(200);

/** 1 to `max` of the same. */
export function listOf<Item extends z.ZodType>(item: Item, max = 30) {
  return z.array(item).min(1, "must not be empty").max(max, `must not be more than ${max}`);
}

export interface ItemMeta {
  /** The name of the GraphQL type. */
  readonly id: string;
  readonly description: string;
  /** The field that tells one item from another. */
  readonly label: string;
}

/** An item of a list, with a name for its GraphQL type and the field that it is known by. */
export function itemOf<Shape extends z.ZodRawShape>(meta: ItemMeta, shape: Shape) {
  return z.strictObject(shape).meta({ ...meta });
}

/** One of several values, each with what it means, with a name for its GraphQL type. */
export function choiceOf<const Value extends string>(
  id: string,
  description: string,
  values: Readonly<Record<Value, string>>,
) {
  return z.enum(Object.keys(values) as Value[]).meta({ id, description, values });
}
