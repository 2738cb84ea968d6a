import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
} from "graphql";

/**
 * What an operation is called in logs and metrics: its type and root field, both from the schema. Never the client's
 * own operation name, of which there is no end. A download is called an export of its format.
 */
export interface OperationName {
  readonly type: "query" | "mutation" | "subscription" | "export" | "none";
  readonly field: string;
}

/** A request that was refused before there was an operation. */
export const NO_OPERATION: OperationName = { type: "none", field: "none" };

/** Names a VALIDATED operation. Several different root fields are `several`. */
export function operationNameOf(document: DocumentNode, name: string | null | undefined): OperationName {
  const operation = getOperationAST(document, name);
  if (!operation) return NO_OPERATION;
  const fields = new Set<string>();
  collectFields(operation.selectionSet, document, fields);
  const [field = "none"] = fields;
  return { type: operation.operation, field: fields.size > 1 ? "several" : field };
}

function collectFields(selections: SelectionSetNode, document: DocumentNode, into: Set<string>): void {
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) into.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) collectFields(selection.selectionSet, document, into);
    else {
      const fragment = document.definitions.find(
        (definition): definition is FragmentDefinitionNode =>
          definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      // Validation has refused fragments that spread themselves, so this ends.
      if (fragment) collectFields(fragment.selectionSet, document, into);
    }
  }
}
