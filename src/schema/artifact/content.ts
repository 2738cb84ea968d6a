import { z } from "zod";
import type { Plan } from "../../domain/account/plan.ts";
import type { StoredContent } from "../../domain/artifact/content.ts";
import { DOCUMENTS, documentOf, sectionsOf } from "../../domain/artifact/documents.ts";
import type { DocumentDefinition } from "../../domain/artifact/section.ts";
import { gateContent, requiredPlan } from "../../domain/artifact/tier.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import type { JsonValue } from "../../domain/event/event.ts";
import { builder, type SchemaTypes } from "../builder.ts";
import { ITEM_TEXT, SECTION, SECTION_ITEMS } from "../weights.ts";

/** A document's content as its reader may see it. Only `gatedContent` makes one. */
export interface GatedContent {
  readonly type: ArtifactType;
  /** The open sections. */
  readonly sections: StoredContent;
}

/** What the owner's plan opens of a document's content. Every content that leaves the server comes from here. */
export function gatedContent(type: ArtifactType, content: unknown, plan: string): GatedContent | null {
  if (content === null) return null;
  return { type, sections: gateContent(documentOf(type), content as StoredContent, plan as Plan) };
}

type Builder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>>;
/** The compiler cannot know which type a schema stands for: to it all fields are text. */
type FieldType = "String";
/** What the schema of an item or a choice says of itself. */
interface Named {
  readonly id?: string;
  readonly description?: string;
  readonly values?: Readonly<Record<string, string>>;
}
type Item = Readonly<Record<string, JsonValue>>;

/** Makes the GraphQL type of each document's content from its definition, with the types of its items. */
export function defineContentTypes(on: Builder, documents: readonly DocumentDefinition[]) {
  const named = new Map<string, FieldType>();

  /** A type that several sections have in common is made once. */
  function once(name: string, make: () => unknown): FieldType {
    const made = named.get(name) ?? (make() as FieldType);
    named.set(name, made);
    return made;
  }

  function typeOf(schema: z.ZodType): FieldType {
    if (!(schema instanceof z.ZodArray)) return namedType(schema);
    return [namedType(schema.element as z.ZodType)] as unknown as FieldType;
  }

  function namedType(schema: z.ZodType): FieldType {
    if (schema instanceof z.ZodString) return "String";
    if (schema instanceof z.ZodNumber) return "Int" as FieldType;
    const { id, description = "", values: meanings } = (schema.meta() ?? {}) as Named;
    if (id === undefined) throw new Error("An object or a choice in a section needs a name: its meta id");
    if (schema instanceof z.ZodEnum) {
      const values = Object.fromEntries(
        schema.options.map((value) => [value, { description: meanings?.[value] ?? "" }]),
      );
      return once(id, () => on.enumType(id, { description, values }));
    }
    if (schema instanceof z.ZodObject) return once(id, () => itemType(id, description, schema));
    throw new Error(`A section cannot hold a ${schema.def.type}`);
  }

  function itemType(name: string, description: string, schema: z.ZodObject) {
    return on.objectRef<Item>(name).implement({
      description,
      fields: (t) =>
        Object.fromEntries(
          Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => [
            key,
            t.field({
              type: typeOf(field),
              complexity: field instanceof z.ZodString ? ITEM_TEXT : 1,
              description: field.meta()?.description ?? "",
              resolve: (item) => item[key] as string,
            }),
          ]),
        ),
    });
  }

  return documents.map((document) =>
    on.objectRef<GatedContent>(document.typeName).implement({
      description: document.description,
      fields: (t) =>
        Object.fromEntries(
          sectionsOf(document).map(([key, { schema, description, tier }]) => [
            key,
            t.field({
              type: typeOf(schema),
              complexity: { field: SECTION, multiplier: schema instanceof z.ZodArray ? SECTION_ITEMS : 1 },
              // Null where the plan does not open it, and in a document that is older than the section.
              nullable: true,
              description: `${description} Opened by the plan ${requiredPlan(tier)}.`,
              resolve: ({ sections }) => (sections[key] ?? null) as string | null,
            }),
          ]),
        ),
    }),
  );
}

export const ArtifactContentType = builder.unionType("ArtifactContent", {
  description:
    "What a document says, section by section. A section that the plan of the project's owner does not open is null and listed in `lockedSections`.",
  types: defineContentTypes(builder, Object.values(DOCUMENTS)),
  resolveType: ({ type }) => documentOf(type).typeName,
});
