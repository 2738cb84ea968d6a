import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { Draw } from "./draw.ts";
import { drawValue } from "./input-values.ts";
import type { World } from "./world.ts";

export type OperationKind = "query" | "mutation" | "subscription";

/** An operation as a client sends it. */
export interface Operation {
  readonly kind: OperationKind;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

const MAX_DEPTH = 6;

/** A valid operation of the schema: any fields, arguments, variables, aliases, fragments and directives. */
export function drawOperation(draw: Draw, schema: GraphQLSchema, world: World): Operation {
  const chosen = draw.below(100);
  const kind: OperationKind = chosen < 55 ? "query" : chosen < 90 ? "mutation" : "subscription";
  const root = rootOf(schema, kind);
  const writer = new OperationWriter(draw, schema, world);
  const selections =
    kind === "subscription"
      ? writer.field(draw.pick(Object.values(root.getFields())), 0, new Set(), true)
      : writer.fields(root, 0, new Set());
  return writer.operation(kind, selections);
}

/** The object type that holds the fields of this kind of operation. */
export function rootOf(schema: GraphQLSchema, kind: OperationKind): GraphQLObjectType {
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind];
  if (!root) throw new Error(`The schema has no ${kind}.`);
  return root;
}

/** Writes one operation, with the variables and fragments that its selections come to need. */
export class OperationWriter {
  readonly #draw: Draw;
  readonly #schema: GraphQLSchema;
  readonly #world: World;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #aliases = 0;

  constructor(draw: Draw, schema: GraphQLSchema, world: World) {
    this.#draw = draw;
    this.#schema = schema;
    this.#world = world;
  }

  /** The operation around its root selections. */
  operation(kind: OperationKind, selections: string): Operation {
    const draw = this.#draw;
    const operationName = this.#definitions.length > 0 || draw.chance(50) ? "Drawn" : null;
    const variables = this.#definitions.length > 0 ? `(${this.#definitions.join(", ")})` : "";
    const query = [`${kind} ${operationName ?? ""}${variables} { ${selections} }`, ...this.#fragments].join(
      "\n",
    );
    return { kind, query, variables: this.#variables, operationName };
  }

  /** Some fields of a type. `taken` holds the response keys that the selection set has already. */
  fields(type: GraphQLNamedType, depth: number, taken: Set<string>): string {
    const draw = this.#draw;
    const drawn: string[] = [];
    if (isObjectType(type) || isInterfaceType(type)) {
      const all = Object.values(type.getFields());
      const open = depth < MAX_DEPTH ? all : all.filter(({ type: of }) => isLeafType(getNamedType(of)));
      const count = open.length === 0 ? 0 : 1 + draw.below(depth === 0 ? 2 : 4);
      for (let at = 0; at < count; at += 1) drawn.push(this.field(draw.pick(open), depth, taken));
    }
    if (isAbstractType(type)) {
      for (const possible of this.#some(this.#schema.getPossibleTypes(type))) {
        drawn.push(this.#fragment(possible, depth, taken));
      }
    } else if (isObjectType(type) && depth > 0 && draw.chance(8)) {
      drawn.push(this.#fragment(type, depth + 1, taken));
    }
    if (drawn.length === 0 || draw.chance(10)) drawn.push("__typename");
    return drawn.join(" ");
  }

  /** One field, under a response key of its own. */
  field(field: GraphQLField<unknown, unknown>, depth: number, taken: Set<string>, isOnly = false): string {
    const draw = this.#draw;
    let alias = "";
    if (taken.has(field.name) || draw.chance(15)) {
      this.#aliases += 1;
      alias = `${field.name}${this.#aliases}: `;
    } else {
      taken.add(field.name);
    }
    const args = field.args.filter((arg) => isRequiredArgument(arg) || draw.chance(40));
    const given = args.map((arg) => `${arg.name}: ${this.argument(arg.type, this.#value(arg), arg)}`);
    const type = getNamedType(field.type);
    const selections = isCompositeType(type) ? ` { ${this.fields(type, depth + 1, new Set())} }` : "";
    // A subscription's only field must not be left out.
    const directive = !isOnly && draw.chance(6) ? this.#directive() : "";
    return `${alias}${field.name}${given.length > 0 ? `(${given.join(", ")})` : ""}${directive}${selections}`;
  }

  /** An argument's value: in the document, or in a variable. */
  argument(type: GraphQLInputType, value: unknown, { defaultValue }: Partial<GraphQLArgument> = {}): string {
    const literal = this.#draw.chance(50) ? toLiteral(type, value) : null;
    if (literal !== null) return literal;
    const name = `v${this.#definitions.length}`;
    const optional = isNonNullType(type) && defaultValue !== undefined;
    this.#definitions.push(`$${name}: ${String(optional ? type.ofType : type)}${optional ? "!" : ""}`);
    this.#variables[name] = value;
    return `$${name}`;
  }

  #value({ type, name }: GraphQLArgument): unknown {
    return drawValue(this.#draw, this.#world, type, name);
  }

  #some<T>(list: readonly T[]): T[] {
    const count = 1 + this.#draw.below(2);
    return [...new Set(Array.from({ length: count }, () => this.#draw.pick(list)))];
  }

  #fragment(type: GraphQLObjectType, depth: number, taken: Set<string>): string {
    const body = `{ ${this.fields(type, depth, taken)} }`;
    if (this.#draw.chance(60))
      return `... on ${type.name}${this.#draw.chance(5) ? this.#directive() : ""} ${body}`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} ${body}`);
    return `...${name}`;
  }

  #directive(): string {
    const name = this.#draw.chance(50) ? "skip" : "include";
    const condition = this.#draw.chance(50);
    if (this.#draw.chance(50)) return ` @${name}(if: ${condition})`;
    const variable = `v${this.#definitions.length}`;
    this.#definitions.push(`$${variable}: Boolean!`);
    this.#variables[variable] = condition;
    return ` @${name}(if: $${variable})`;
  }
}

export function isRequiredArgument({ type, defaultValue }: GraphQLArgument): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

/** A value of a type as it is written in a document; null where it holds what only JSON can say. */
function toLiteral(type: GraphQLInputType, value: unknown): string | null {
  if (isNonNullType(type)) return toLiteral(type.ofType, value);
  if (value === null) return "null";
  if (isListType(type)) {
    const items = (value as unknown[]).map((item) => toLiteral(type.ofType, item));
    return items.includes(null) ? null : `[${items.join(", ")}]`;
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const members = Object.entries(value as object).map(([name, member]) => {
      const field = fields[name];
      const literal = field ? toLiteral(field.type, member) : null;
      return literal === null ? null : `${name}: ${literal}`;
    });
    return members.includes(null) ? null : `{${members.join(", ")}}`;
  }
  if (isEnumType(type)) return String(value);
  if (String(type) === "JSON") return jsonLiteral(value);
  return scalarLiteral(value);
}

/** A document cannot hold half a surrogate pair, JSON can. */
function scalarLiteral(value: unknown): string | null {
  return typeof value === "string" && !value.isWellFormed() ? null : JSON.stringify(value);
}

/** A JSON value as a literal; null where a key of it is no name. */
function jsonLiteral(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return scalarLiteral(value);
  if (Array.isArray(value)) {
    const items = value.map(jsonLiteral);
    return items.includes(null) ? null : `[${items.join(", ")}]`;
  }
  const members = Object.entries(value).map(([name, member]) => {
    const literal = /^[_A-Za-z]\w*$/.test(name) ? jsonLiteral(member) : null;
    return literal === null ? null : `${name}: ${literal}`;
  });
  return members.includes(null) ? null : `{${members.join(", ")}}`;
}
