import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from "graphql";
import { fragmentsOf } from "./check-document.ts";

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/** What an operation is asked about the schema with. */
interface Asked {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Record<string, unknown>;
}

/**
 * Counts the fields in the answer to an operation's `__schema` and `__type`, without making the answer.
 *
 * The schema is at hand, so the count is exact: every list counts with its real length. Fields that `@skip` and `@include`
 * leave out count as well, and a field that is selected twice under one name counts twice, as in all other costs.
 *
 * @param document parsed, valid, and within the limits on depth and on breadth
 * @param variableValues as the client sent them, known to be valid
 * @param limit counting stops above it, so that it never costs more than the answer is allowed to
 * @returns the number of fields, those two not included; 0 when the operation does not ask about the schema
 */
export function introspectionCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
  variableValues: Record<string, unknown>,
  limit: number,
): number {
  const fragments = fragmentsOf(document);
  const roots = [...fieldsOf(definition.selectionSet, fragments)].filter(({ name }) =>
    META_FIELDS.has(name.value),
  );
  if (roots.length === 0) return 0;
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variableValues);
  const asked: Asked = { schema, fragments, variables: coerced ?? {} };
  let count = 0;

  function countObject(type: GraphQLObjectType, source: unknown, selections: SelectionSetNode): void {
    for (const node of fieldsOf(selections, fragments)) {
      count += 1;
      if (count > limit) return;
      const field = type.getFields()[node.name.value];
      // `__typename`, and what is a leaf.
      if (field && node.selectionSet) countValue(field, node, resolve(field, source, node, asked));
    }
  }

  function countValue(field: GraphQLField<unknown, unknown>, node: FieldNode, value: unknown): void {
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isObjectType(type)) return;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (count > limit) return;
      if (item != null) countObject(type, item, node.selectionSet);
    }
  }

  for (const node of roots) {
    const field = META_FIELDS.get(node.name.value);
    if (field) countValue(field, node, resolve(field, undefined, node, asked));
  }
  return count;
}

/** A selection's fields, those of its fragments included. */
function* fieldsOf(
  { selections }: SelectionSetNode,
  fragments: Asked["fragments"],
): Generator<FieldNode, void, undefined> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      yield selection;
      continue;
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (inner) yield* fieldsOf(inner.selectionSet, fragments);
  }
}

/** graphql-js resolves introspection by itself, from the schema alone: of the info its resolvers read nothing else. */
function resolve(
  field: GraphQLField<unknown, unknown>,
  source: unknown,
  node: FieldNode,
  { schema, variables }: Asked,
): unknown {
  const args = getArgumentValues(field, node, variables);
  return field.resolve?.(source, args, undefined, { schema } as GraphQLResolveInfo);
}
