import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** A read that visits every way from a root field to things with ids, to a depth. */
export interface Walk {
  readonly name: string;
  readonly query: string;
  /** The ways that it visits: "project.gates.nodes.options". */
  readonly paths: readonly string[];
}

/**
 * The reads that together visit every way by which a thing can be reached from a root field, to a depth: through
 * that many things.
 */
export function walksOf(
  schema: GraphQLSchema,
  roots: Readonly<Record<string, string>>,
  depth: number,
): Walk[] {
  const query = schema.getQueryType() as GraphQLObjectType;
  return Object.entries(roots).flatMap(([field, call]) => {
    const type = getNamedType(query.getFields()[field]?.type as GraphQLOutputType);
    return possible(schema, type).flatMap((object) =>
      // One read for each field of the root's type: all at once is more than one operation may ask.
      branchesOf(
        schema,
        object,
        [object.name],
        depth,
        `${field}${isAbstractType(type) ? `(${object.name})` : ""}`,
      ).map(({ selection, paths }): Walk => {
        const inner = isAbstractType(type) ? `... on ${object.name} ${selection}` : selection.slice(1, -1);
        return { name: paths[0] ?? field, query: `{ ${call} { __typename ${inner} } }`, paths };
      }),
    );
  });
}

interface Branch {
  readonly selection: string;
  readonly paths: readonly string[];
}

function branchesOf(
  schema: GraphQLSchema,
  object: GraphQLObjectType,
  seen: readonly string[],
  depth: number,
  path: string,
  isShared = false,
): Branch[] {
  if (depth === 0) return [];
  return Object.values(object.getFields()).flatMap((field): Branch[] => {
    const named = getNamedType(field.type);
    if (field.args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined))
      return [];
    const args = field.args.some(({ name }) => name === "first") ? "(first: 2)" : "";
    const isPart = /Connection$|Edge$/.test(named.name);
    const parts = possible(schema, named)
      .filter(({ name }) => isPart || !seen.includes(name))
      .map((type) => {
        const deeper = branchesOf(
          schema,
          type,
          [...seen, type.name],
          depth - (isPart ? 0 : 1),
          `${path}.${field.name}`,
          isAbstractType(named),
        );
        const own = type.getFields().id ? "id" : "";
        return { type, selection: merge(own, deeper), paths: deeper.flatMap(({ paths }) => paths) };
      });
    const useful = parts.filter(({ type, paths }) => type.getFields().id || paths.length > 0);
    if (useful.length === 0) return [];
    const selection = isAbstractType(named)
      ? `{ __typename ${useful.map((part) => `... on ${part.type.name} ${part.selection}`).join(" ")} }`
      : useful[0]?.selection;
    // Types of one abstract field may have fields of one name that differ.
    const alias = isShared ? `${field.name}_${object.name}: ${field.name}${args}` : `${field.name}${args}`;
    return [
      {
        selection: `{ ${alias} ${selection} }`,
        paths: [`${path}.${field.name}`, ...useful.flatMap(({ paths }) => paths)],
      },
    ];
  });
}

function merge(own: string, branches: readonly Branch[]): string {
  return `{ __typename ${own} ${branches.map(({ selection }) => selection.slice(1, -1)).join(" ")} }`;
}

function possible(
  schema: GraphQLSchema,
  type: ReturnType<typeof getNamedType>,
): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}

/** Every thing in an answer: its type by its id. */
export function thingsIn(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const item of value) thingsIn(item, found);
  else if (typeof value === "object" && value !== null) {
    const { id, __typename: type } = value as { id?: unknown; __typename?: unknown };
    if (typeof id === "string" && typeof type === "string") found.set(id, type);
    for (const item of Object.values(value)) thingsIn(item, found);
  }
  return found;
}
