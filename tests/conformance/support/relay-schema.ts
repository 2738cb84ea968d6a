import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { schema } from "../../../src/schema/index.ts";

/** A connection of the schema: `Project.gates`, and where it is. */
export interface ConnectionField {
  readonly name: string;
  readonly parent: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
}

const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));

const isNode = (type: unknown): boolean =>
  (isObjectType(type) || isInterfaceType(type)) &&
  (type.name === "Node" || type.getInterfaces().some(({ name }) => name === "Node"));

/** Every object type that implements Node. */
export const NODE_TYPES: readonly string[] = objects.filter(isNode).map(({ name }) => name);

/** Every field that gives pages. */
export const CONNECTIONS: readonly ConnectionField[] = objects.flatMap((parent) =>
  Object.values(parent.getFields())
    .filter(({ type }) => getNamedType(type).name.endsWith("Connection"))
    .map((field) => ({ name: `${parent.name}.${field.name}`, parent, field })),
);

/** What a connection's type is a page of. */
function itemOf(connection: GraphQLNamedType): GraphQLNamedType {
  const nodes = isObjectType(connection) ? connection.getFields().nodes : undefined;
  if (!nodes) throw new Error(`${connection.name} has no nodes.`);
  return getNamedType(nodes.type);
}

/** What tells the items of a list apart: their ids, or, where they are no Nodes, whom they are about or their places in it. */
export function identityOf({ field }: ConnectionField): string {
  const item = itemOf(getNamedType(field.type));
  if (isNode(item)) return "id";
  return isObjectType(item) && item.getFields().user ? "id: user { id }" : "id: position";
}

/** The selection that leads from an object of a type to all Nodes beside it. */
export function neighboursOf(typeName: string): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type.`);
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const selections = fields.flatMap((field) => {
    const target = getNamedType(field.type);
    const alias = `${field.name}_${typeName}`;
    if (isNode(target)) return [`${alias}: ${field.name} { __typename id }`];
    if (target.name.endsWith("Connection") && isNode(itemOf(target))) {
      return [`${alias}: ${field.name}(first: 100) { nodes { __typename id } }`];
    }
    return [];
  });
  return selections.join("\n");
}
