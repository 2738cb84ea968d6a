import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

type Field = GraphQLField<unknown, unknown>;

/** A field that leads from one thing to others, and the way to it from a type that is asked for by ids. */
export interface Relation {
  /** Its type and field. */
  readonly name: string;
  /** From the type of the ids to the field, which is the last step. */
  readonly path: readonly Step[];
}

interface Step {
  readonly type: GraphQLObjectType;
  readonly field: Field;
}

/**
 * Every field of a type, and of what is reached from it without being one of its own ids, that leads to something else.
 * Each once, by a shortest way.
 */
export function relationsOf(schema: GraphQLSchema): Relation[] {
  const node = schema.getType("Node");
  if (!isInterfaceType(node)) throw new Error("The schema has no nodes.");
  const waiting = schema.getPossibleTypes(node).map((type) => ({ type, path: [] as Step[] }));
  const seen = new Set(waiting.map(({ type }) => type));
  const relations: Relation[] = [];
  for (const { type, path } of waiting) {
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      if (isLeafType(target)) continue;
      const way = [...path, { type, field }];
      relations.push({ name: `${type.name}.${field.name}`, path: way });
      for (const next of possibleTypes(schema, field)) {
        if (!seen.has(next)) waiting.push({ type: next, path: way });
        seen.add(next);
      }
    }
  }
  return relations;
}

/** Every type whose objects queries can lead to. */
export function typesOfQueries(schema: GraphQLSchema): Set<GraphQLObjectType> {
  const query = schema.getQueryType();
  const found = new Set(query ? [query] : []);
  // A set gives what joins it meanwhile too.
  for (const type of found) {
    for (const field of Object.values(type.getFields())) {
      for (const next of possibleTypes(schema, field)) found.add(next);
    }
  }
  return found;
}

function possibleTypes(schema: GraphQLSchema, field: Field): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}

/**
 * What asks for a relation by ids of the first type of its way. Lest it costs too much, pages on the way are short, and at
 * the end of a way of several steps stands the name of a type alone: what is read of it is asked for where there is one.
 */
export function selectRelation(schema: GraphQLSchema, { path }: Relation): string {
  return path.reduceRight((selected, { type, field }, at) => {
    const end = path.length > 1 ? "{ __typename }" : selectionOf(schema, field);
    const below = at === path.length - 1 ? end : `{ __typename ${selected} }`;
    const page = at < path.length - 1 && field.args.some(({ name }) => name === "first") ? "(first: 3)" : "";
    return `... on ${type.name} { ${field.name}${page} ${below} }`;
  }, "");
}

/** What can be read of a field's value by itself, and of its items where it is a page. */
function selectionOf(schema: GraphQLSchema, field: Field): string {
  const each = possibleTypes(schema, field);
  const [type] = each;
  if (isAbstractType(getNamedType(field.type))) {
    const fragments = each.map((possible) => `... on ${possible.name} { __typename ${leaves(possible)} }`);
    return `{ __typename ${fragments.join(" ")} }`;
  }
  if (!type) throw new Error(`${field.name} leads nowhere.`);
  const { nodes } = type.getFields();
  if (!nodes) return `{ __typename ${leaves(type)} }`;
  const total = type.getFields().totalCount ? "totalCount" : "";
  return `{ __typename ${total} pageInfo { hasNextPage } nodes ${selectionOf(schema, nodes)} }`;
}

/** Its columns, and what is computed from them: under its type's name, so that two types may differ in one. */
function leaves(type: GraphQLObjectType): string {
  return (
    Object.values(type.getFields())
      .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
      // Whole documents and graphs cost what they are worth: a hundred of them are refused.
      .filter(({ name }) => !["graph", "markdown", "json"].includes(name))
      .map(({ name }) => `${type.name}_${name}: ${name}`)
      .join(" ")
  );
}

/** The values of a relation in an answer: what each thing at the end of its way leads to, null and empty lists included. */
export function valuesOf({ path }: Relation, things: readonly unknown[]): unknown[] {
  return path.reduce<unknown[]>(
    (found, { field }) =>
      found
        .flat()
        .filter((thing) => thing !== null && field.name in (thing as object))
        .map((thing) => (thing as Record<string, unknown>)[field.name]),
    [...things],
  );
}
