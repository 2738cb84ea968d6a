import { z } from "zod";
import type { ItemMeta } from "./section.ts";

/** What a value is, as far as showing it goes. */
export type ValueKind = "TEXT" | "NUMBER" | "CHOICE" | "LIST" | "OBJECT" | "OTHER";

export interface FieldShape {
  readonly key: string;
  readonly kind: ValueKind;
}

/** What is to be known of a section's schema to show or to compare what stands in it. */
export interface SectionShape {
  readonly kind: ValueKind;
  /** The fields of a list's items in their order; none where the items are no objects. */
  readonly fields: readonly FieldShape[];
  /** The field that tells one item from another. */
  readonly labelField: string | null;
}

/** Reads a section's schema, however it is wrapped. */
export function shapeOf(schema: z.ZodType): SectionShape {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodArray)) return { kind: kindOf(inner), fields: [], labelField: null };
  const item = unwrap(inner.element as z.ZodType);
  if (!(item instanceof z.ZodObject)) return { kind: "LIST", fields: [], labelField: null };
  const fields = Object.entries(item.shape as Record<string, z.ZodType>).map(([key, field]) => ({
    key,
    kind: kindOf(unwrap(field)),
  }));
  const { label } = (item.meta() ?? {}) as Partial<ItemMeta>;
  const labelField = fields.some(({ key }) => key === label) ? (label ?? null) : null;
  return { kind: "LIST", fields, labelField };
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.out as z.ZodType);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}

function kindOf(schema: z.ZodType): ValueKind {
  if (schema instanceof z.ZodString) return "TEXT";
  if (schema instanceof z.ZodNumber) return "NUMBER";
  if (schema instanceof z.ZodEnum) return "CHOICE";
  if (schema instanceof z.ZodArray) return "LIST";
  if (schema instanceof z.ZodObject) return "OBJECT";
  return "OTHER";
}
