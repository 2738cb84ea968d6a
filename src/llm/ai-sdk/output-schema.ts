import { z } from "zod";

/** A JSON schema as zod writes it. */
type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A schema as providers take it for structured output. */
export interface OutputSchema {
  readonly schema: JsonSchema;
  /** Whether it has neither optional fields nor open objects, which OpenAI's strict mode refuses. */
  readonly strict: boolean;
}

/**
 * Says a zod schema in the few words of JSON schema that all providers understand: types, fields, items, enums,
 * alternatives. They refuse or ignore the others, each its own set, so limits are said in descriptions, references are
 * resolved, and whatever a schema means beyond that is checked when the answer is there.
 *
 * @throws Error for a schema that contains itself
 */
export function outputSchemaOf(schema: z.ZodType): OutputSchema {
  const root = z.toJSONSchema(schema, { target: "draft-7", io: "input", unrepresentable: "any" });
  let strict = true;

  return { schema: convert(root, []), strict };

  function convert(node: JsonSchema, within: readonly string[]): JsonSchema {
    const { resolved, path } = resolve(node, within);
    const { properties, items, anyOf, oneOf } = resolved;
    // Zod says alternatives of bare types as a list of types, which its own declaration does not know of.
    const types = [resolved.type ?? []].flat();
    const type = types.length === 1 ? types[0] : undefined;
    const child = (schema: unknown) => convert(schema as JsonSchema, path);
    const description = [resolved.description, ...limitsOf(resolved)].filter(Boolean).join(" ");
    const options = resolved.const === undefined ? resolved.enum : [resolved.const];
    const alternatives =
      anyOf ?? oneOf ?? (types.length > 1 ? types.map((one) => ({ type: one })) : undefined);
    return {
      ...(type === undefined ? {} : { type }),
      ...(description === "" ? {} : { description }),
      ...(options === undefined ? {} : { enum: options }),
      ...(alternatives === undefined ? {} : { anyOf: alternatives.map(child) }),
      ...(items === undefined
        ? {}
        : { items: Array.isArray(items) ? { anyOf: items.map(child) } : child(items) }),
      ...(type === "object" ? objectOf(resolved, properties ?? {}, child) : {}),
    };
  }

  function objectOf(
    { required = [], additionalProperties }: JsonSchema,
    properties: Readonly<Record<string, unknown>>,
    child: (schema: unknown) => JsonSchema,
  ) {
    const names = Object.keys(properties);
    const isOpen = typeof additionalProperties === "object";
    if (isOpen || required.length < names.length) strict = false;
    return {
      properties: Object.fromEntries(names.map((name) => [name, child(properties[name])])),
      required: [...required],
      additionalProperties: isOpen ? child(additionalProperties) : false,
    };
  }

  /** Follows references, which zod puts into an `allOf` where something is said beside them: that counts more. */
  function resolve(
    node: JsonSchema,
    within: readonly string[],
  ): { resolved: JsonSchema; path: readonly string[] } {
    const { allOf = [], $ref, ...own } = node;
    const referred = $ref === undefined ? allOf : [definitionOf($ref)];
    if (referred.length > 1) throw new Error("A schema for a model must not be an intersection.");
    if ($ref !== undefined && within.includes($ref)) throw new Error(`The schema ${$ref} contains itself.`);
    const path = $ref === undefined ? within : [...within, $ref];
    if (referred[0] === undefined) return { resolved: own, path };
    const next = resolve(referred[0] as JsonSchema, path);
    return { resolved: { ...next.resolved, ...own }, path: next.path };
  }

  function definitionOf(ref: string): JsonSchema {
    const definitions = (root.definitions ?? {}) as Readonly<Record<string, JsonSchema>>;
    const definition = definitions[ref.replace("#/definitions/", "")];
    if (definition === undefined) throw new Error(`The schema ${ref} contains itself.`);
    return definition;
  }
}

function limitsOf(node: JsonSchema): string[] {
  const { minLength = 0, maxLength, minItems = 0, maxItems, minimum, maximum, pattern, format } = node;
  const said = (limit: number | undefined) =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return [
    minLength === 1 || minItems === 1 ? "Not empty." : "",
    minLength > 1 ? `At least ${minLength} characters.` : "",
    maxLength === undefined ? "" : `At most ${maxLength} characters.`,
    minItems > 1 ? `At least ${minItems} items.` : "",
    maxItems === undefined ? "" : `At most ${maxItems} items.`,
    said(minimum) ? `At least ${minimum}.` : "",
    said(maximum) ? `At most ${maximum}.` : "",
    pattern === undefined ? "" : `Matches the regular expression ${pattern}.`,
    format === undefined ? "" : `Format: ${format}.`,
  ].filter((limit) => limit !== "");
}
