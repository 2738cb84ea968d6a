import fc from "fast-check";
import { z } from "zod";
import type { StoredContent } from "../../../src/domain/artifact/content.ts";
import { documentOf, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import type { DocumentDefinition } from "../../../src/domain/artifact/section.ts";
import { ARTIFACT_TYPES } from "../../../src/domain/artifact/type.ts";
import type { JsonValue } from "../../../src/domain/event/event.ts";

/** For test.each over the five documents. */
export const EACH_DOCUMENT = ARTIFACT_TYPES.map((type) => ({ type, document: documentOf(type) }));

/** For test.each over the sections of all documents. */
export const EACH_SECTION = EACH_DOCUMENT.flatMap(({ type, document }) =>
  sectionsOf(document).map(([key, section]) => ({ name: `${type}.${key}`, type, document, key, section })),
);

/** Content that fits a document, made from its definition: a section that is added is in it. */
export function sampleContent(document: DocumentDefinition): Record<string, JsonValue> {
  return Object.fromEntries(
    sectionsOf(document).map(([key, { schema }]) => [key, sampleOf(schema, `Our ${key}`)]),
  );
}

/** The least that fits a section's schema. */
export function sampleOf(schema: z.ZodType, text: string): JsonValue {
  if (schema instanceof z.ZodString) return text;
  if (schema instanceof z.ZodNumber) return 2;
  if (schema instanceof z.ZodEnum) return schema.options[0] as string;
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element as z.ZodType, text)];
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
    return Object.fromEntries(fields.map(([key, field]) => [key, sampleOf(field, `${text}: ${key}`)]));
  }
  throw new Error(`No sample for a ${schema.type}`);
}

/** Content as the database may hold it: any keys with any JSON, among them sections and keys of every object. */
export function storedContent(document: DocumentDefinition): fc.Arbitrary<StoredContent> {
  const keys = [...Object.keys(document.sections), "_schema_version", "constructor", "__proto__", "toString"];
  const key = fc.oneof(fc.constantFrom(...keys), fc.string());
  return fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 20 }).map(
    // Not by assignment, which would set the prototype.
    (entries) => Object.fromEntries(entries) as StoredContent,
  );
}
