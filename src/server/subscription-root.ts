import { type DocumentNode, GraphQLError, Kind } from "graphql";

/**
 * What the specification forbids and graphql-js does not check: @skip and @include on a subscription's root
 * field. Without its one field there is nothing to subscribe to, and the executor would fail over it.
 */
export function checkSubscriptionRoots(document: DocumentNode): GraphQLError[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== "subscription") return [];
    const directives = definition.selectionSet.selections.flatMap((selection) => selection.directives ?? []);
    return directives
      .filter(({ name }) => name.value === "skip" || name.value === "include")
      .map(
        (node) =>
          new GraphQLError(`@${node.name.value} is not allowed on a subscription's root field.`, {
            nodes: [node],
            extensions: { code: "GRAPHQL_VALIDATION_FAILED", http: { spec: true, status: 400 } },
          }),
      );
  });
}
