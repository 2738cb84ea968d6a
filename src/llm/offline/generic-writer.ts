import { z } from "zod";
import { clip } from "./text.ts";

/** What a text can be made of where nobody knows what it is about. Each is used in turn. */
export interface Material {
  /** Names of things, for short texts. */
  readonly names: readonly [string, ...string[]];
  /** Sentences, for longer ones. */
  readonly sentences: readonly [string, ...string[]];
  /** The keys of records. */
  readonly keys: readonly [string, ...string[]];
}

/** The part of JSON Schema that zod writes. */
interface Json {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Json>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | boolean;
  readonly propertyNames?: Json;
  readonly items?: Json;
  readonly prefixItems?: readonly Json[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

const ITEMS = 3;
const A_NAME = 200;
const A_LINE = 1_000;
const NAMING = /(?:name|title|label|topic|heading|subject)$/i;
/** Deeper than any schema of ours: a schema that contains itself ends here. */
const MAX_DEPTH = 8;
const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-05T09:00:00Z",
  date: "2026-01-05",
  email: "team@example.com",
  uri: "https://example.com/",
  uuid: "019a0000-0000-7000-8000-000000000001",
};

interface Place {
  /** The field that it is for. */
  readonly key: string;
  /** Which item of its list, from 0. */
  readonly item: number;
  /** Which field of its object, from 0. */
  readonly field: number;
  readonly depth: number;
}

/**
 * Content for whatever a schema asks for, made of the material: texts within their lengths, lists of three where that
 * is allowed, numbers within their limits.
 *
 * @throws Error for a schema that JSON Schema cannot express
 */
export function writeBySchema(schema: z.ZodType, material: Material): unknown {
  const root = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Json;
  return new SchemaWriter(root, material).write(root, { key: "", item: 0, field: 0, depth: 0 });
}

class SchemaWriter {
  readonly #root: Json;
  readonly #material: Material;

  constructor(root: Json, material: Material) {
    this.#root = root;
    this.#material = material;
  }

  write(given: Json, place: Place): unknown {
    const json = this.#resolve(given);
    if (json.const !== undefined) return json.const;
    if (json.enum) return json.enum[place.item % json.enum.length];
    const choice = (json.anyOf ?? json.oneOf)
      ?.map((one) => this.#resolve(one))
      .find((one) => one.type !== "null");
    if (choice) return this.write(choice, place);
    const type = typeof json.type === "string" ? json.type : json.type?.find((one) => one !== "null");
    switch (type ?? (json.properties ? "object" : "string")) {
      case "object":
        return this.#object(json, place);
      case "array":
        return this.#array(json, place);
      case "integer":
      case "number":
        return number(json, place);
      case "boolean":
        return place.item % 2 === 0;
      case "null":
        return null;
      default:
        return this.#text(json, place);
    }
  }

  #resolve(json: Json): Json {
    const name = json.$ref?.split("/").at(-1);
    if (json.$ref === "#") return this.#root;
    const target = name === undefined ? undefined : this.#root.$defs?.[name];
    const merged: Json = Object.assign({}, json, ...(json.allOf ?? []).map((one) => this.#resolve(one)));
    return target === undefined ? merged : this.#resolve({ ...target, ...withoutRef(merged) });
  }

  #object(json: Json, place: Place): unknown {
    const inner = { ...place, depth: place.depth + 1 };
    const fields = Object.entries(json.properties ?? {}).map(([key, field], index) => [
      key,
      this.write(field, { ...inner, key, field: index }),
    ]);
    if (json.properties || typeof json.additionalProperties !== "object") return Object.fromEntries(fields);
    const keys = json.propertyNames?.enum?.map(String) ?? this.#material.keys;
    const value = json.additionalProperties;
    return Object.fromEntries(
      keys.map((key, index) => [key, this.write(value, { ...inner, key, item: place.item + index })]),
    );
  }

  #array(json: Json, place: Place): unknown[] {
    const inner = { ...place, depth: place.depth + 1 };
    if (json.prefixItems)
      return json.prefixItems.map((one, index) => this.write(one, { ...inner, field: index }));
    const wished = place.depth >= MAX_DEPTH ? 0 : ITEMS;
    const count = Math.min(Math.max(wished, json.minItems ?? 0), json.maxItems ?? Number.POSITIVE_INFINITY);
    const items = json.items ?? { type: "string" };
    return Array.from({ length: count }, (_, index) =>
      this.write(items, { ...inner, item: place.item * count + index }),
    );
  }

  #text(
    { minLength = 0, maxLength = Number.POSITIVE_INFINITY, format }: Json,
    { key, item, field }: Place,
  ): string {
    const example = format === undefined ? undefined : FORMATS[format];
    if (example !== undefined) return example;
    const { names, sentences } = this.#material;
    const of = (texts: readonly string[], index: number) => texts[index % texts.length] ?? "";
    if (maxLength < 20 || (maxLength <= A_NAME && NAMING.test(key)) || NAMING.test(key)) {
      const round = Math.floor(item / names.length);
      return lengthened(
        clip(round === 0 ? of(names, item) : `${of(names, item)} ${round + 1}`, maxLength),
        minLength,
        maxLength,
      );
    }
    // Only what is named is long without a limit: "text" of a discussion is a line, a section of a document is not.
    const isLong = Number.isFinite(maxLength) && maxLength > A_LINE;
    const text = isLong ? sentences.join(" ") : of(sentences, item + field);
    return lengthened(clip(text, maxLength), minLength, maxLength);
  }
}

function withoutRef({ $ref: _, ...json }: Json): Json {
  return json;
}

function number(json: Json, { item }: Place): number {
  const step = json.multipleOf ?? 1;
  const isExclusive = json.exclusiveMinimum !== undefined;
  const low = json.minimum ?? json.exclusiveMinimum ?? 0;
  const high = json.maximum ?? json.exclusiveMaximum ?? Number.POSITIVE_INFINITY;
  const lowest = Math.ceil(low / step) * step;
  const first = isExclusive && lowest <= low ? lowest + step : lowest;
  const wished = (item + 1) * step;
  if (wished >= first && wished <= high && wished !== json.exclusiveMaximum) return wished;
  if (first <= high && first !== json.exclusiveMaximum) return Math.max(first, Number.MIN_SAFE_INTEGER);
  return (low + high) / 2;
}

function lengthened(text: string, min: number, max: number): string {
  if (text.length >= min) return text;
  return `${text} ${text} `
    .repeat(Math.ceil(min / text.length))
    .slice(0, Math.min(max, min + 1))
    .replace(/ $/, ".");
}
