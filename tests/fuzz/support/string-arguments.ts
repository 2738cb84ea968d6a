import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { Draw } from "./draw.ts";
import { drawValue } from "./input-values.ts";
import {
  isRequiredArgument,
  type Operation,
  type OperationKind,
  OperationWriter,
  rootOf,
} from "./operation.ts";
import type { World } from "./world.ts";

/** A place in the schema that takes a text, and an operation that puts one there. */
export interface TextPlace {
  /** As "Project.events(after:)" or "Mutation.raiseRisk(input: {message})". */
  readonly name: string;
  operation(draw: Draw, world: World, text: string): Operation;
}

type Field = GraphQLField<unknown, unknown>;
/** The fields from a root to a type, and the type that each of them is selected on. */
type Way = readonly { readonly on: GraphQLNamedType; readonly field: Field }[];

/** Every argument of type String or ID, also inside of input objects and lists, of every field that can be reached. */
export function textPlaces(schema: GraphQLSchema): TextPlace[] {
  return waysToFields(schema).flatMap(({ kind, way }) => {
    const last = way.at(-1);
    return (last?.field.args ?? []).flatMap((arg) =>
      textPaths(arg.type).map((path) => ({
        name: `${last?.on.name}.${last?.field.name}(${arg.name}:${path.length > 0 ? ` {${path.join(".")}}` : ""})`,
        operation(draw, world, text) {
          const writer = new OperationWriter(draw, schema, world);
          const value = place(draw, world, arg, path, text);
          return writer.operation(kind, write(writer, draw, world, schema, way, arg.name, value));
        },
      })),
    );
  });
}

/** The shortest way to every field of the schema that has arguments. */
function waysToFields(schema: GraphQLSchema): { kind: OperationKind; way: Way }[] {
  const found: { kind: OperationKind; way: Way }[] = [];
  const seen = new Set<string>();
  const waiting: { kind: OperationKind; on: GraphQLNamedType; way: Way }[] = (
    ["query", "mutation", "subscription"] as const
  ).map((kind) => ({ kind, on: rootOf(schema, kind), way: [] }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { kind, on, way } = next;
    if (seen.has(on.name)) continue;
    seen.add(on.name);
    if (isAbstractType(on)) {
      for (const possible of schema.getPossibleTypes(on)) waiting.push({ kind, on: possible, way });
    }
    if (!isObjectType(on) && !isInterfaceType(on)) continue;
    for (const field of Object.values(on.getFields())) {
      const longer = [...way, { on, field }];
      if (field.args.length > 0) found.push({ kind, way: longer });
      waiting.push({ kind, on: getNamedType(field.type), way: longer });
    }
  }
  return found;
}

/** Where in a value of this type texts stand: the names of the fields that lead there. */
function textPaths(type: GraphQLInputType, depth = 0): string[][] {
  if (isNonNullType(type) || isListType(type)) return textPaths(type.ofType, depth);
  if (isInputObjectType(type)) {
    if (depth > 3) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      textPaths(field.type, depth + 1).map((path) => [field.name, ...path]),
    );
  }
  return String(type) === "String" || String(type) === "ID" ? [[]] : [];
}

/** A value with a text at that place of it, and something or other in the rest of it. */
function place(
  draw: Draw,
  world: World,
  { type, name }: { readonly type: GraphQLInputType; readonly name: string },
  path: readonly string[],
  text: string,
): unknown {
  if (isNonNullType(type)) return place(draw, world, { type: type.ofType, name }, path, text);
  if (isListType(type)) return [place(draw, world, { type: type.ofType, name }, path, text)];
  const [key, ...rest] = path;
  if (key === undefined || !isInputObjectType(type)) return text;
  const field = type.getFields()[key];
  if (!field) throw new Error(`${type.name} has no ${key}.`);
  const member = place(draw, world, field, rest, text);
  if (type.isOneOf) return { [key]: member };
  return { ...(drawValue(draw, world, new GraphQLNonNull(type), name) as object), [key]: member };
}

function write(
  writer: OperationWriter,
  draw: Draw,
  world: World,
  schema: GraphQLSchema,
  way: Way,
  argument: string,
  value: unknown,
): string {
  return way.reduceRight((inner, { on, field }, at) => {
    const isLast = at === way.length - 1;
    const given = field.args
      .filter((arg) => isRequiredArgument(arg) || (isLast && arg.name === argument))
      .map((arg) => {
        const its = isLast && arg.name === argument ? value : goodValue(draw, world, arg);
        return `${arg.name}: ${writer.argument(arg.type, its, arg)}`;
      });
    const type = getNamedType(field.type);
    const selections = isLast
      ? isObjectType(type) || isAbstractType(type)
        ? " { __typename }"
        : ""
      : ` { ${inner} }`;
    const selected = `${field.name}${given.length > 0 ? `(${given.join(", ")})` : ""}${selections}`;
    const before = way[at - 1];
    const isNarrower = before && getNamedType(before.field.type).name !== on.name;
    return isNarrower ? `... on ${schema.getType(on.name)?.name} { ${selected} }` : selected;
  }, "");
}

/** What leads on to the place: ids have to be of something that is there. */
function goodValue(
  draw: Draw,
  world: World,
  { type, name }: { type: GraphQLInputType; name: string },
): unknown {
  if (String(getNamedType(type)) !== "ID") return drawValue(draw, world, type, name);
  const id = draw.pick(world.idsFor(name));
  return isListType(isNonNullType(type) ? type.ofType : type) ? [id] : id;
}
