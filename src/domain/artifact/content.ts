import { z } from "zod";
import type { JsonValue } from "../event/event.ts";
import { sectionsOf } from "./documents.ts";
import type { DocumentDefinition, Sections } from "./section.ts";

/** The shape of the sections that this program writes; content of an older shape keeps its own number. */
export const SCHEMA_VERSION = 1;
/** Where content carries the version of its shape. No section is called so. */
export const SCHEMA_VERSION_KEY = "_schema_version";

/** A document's content as it is stored: its sections by key. A section that was added later is missing. */
export type StoredContent = Readonly<Record<string, JsonValue>>;

/** What a model has to deliver: every section, whatever the owner's plan opens. */
export type CompleteContent<Of extends Sections = Sections> = {
  readonly [Key in keyof Of]: z.output<Of[Key]["schema"]>;
};

/** The schema of what a model writes: all sections, nothing else. */
export function completeSchema(document: DocumentDefinition) {
  const shape = Object.fromEntries(
    sectionsOf(document).map(([key, { schema, description }]) => [key, schema.describe(description)]),
  );
  return z.strictObject(shape).describe(document.description);
}

/**
 * Checks what a model wrote.
 *
 * @returns the content as it is to be stored, with the version of its shape, or what is wrong with it: paths and
 *   rules, never the text itself
 */
export function checkContent(
  document: DocumentDefinition,
  content: unknown,
): { readonly content: StoredContent } | { readonly problems: readonly string[] } {
  const parsed = completeSchema(document).safeParse(content);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(({ path, code, message }) => {
        // Zod's own words for it hold the names of the fields, which are the model's.
        const rule = code === "unrecognized_keys" ? "holds a field that there is not" : message;
        return `${path.join(".") || "content"}: ${rule}`;
      }),
    };
  }
  return { content: { ...(parsed.data as Record<string, JsonValue>), [SCHEMA_VERSION_KEY]: SCHEMA_VERSION } };
}
