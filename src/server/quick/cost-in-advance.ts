import { type DocumentNode, type GraphQLSchema, Kind, TypeInfo, visit, visitWithTypeInfo } from "graphql";

/** Whether an operation costs the same whatever its variables are: none of them says how large a page is. */
export function costsTheSame(schema: GraphQLSchema, document: DocumentNode): boolean {
  let same = true;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ arguments: given = [] }) => {
        const isWeighed = typeof types.getFieldDef()?.extensions.complexity === "function";
        if (isWeighed && given.some(({ value }) => value.kind !== Kind.INT)) same = false;
      },
    }),
  );
  return same;
}
