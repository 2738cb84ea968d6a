import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

/**
 * How much work the rule "fields can be merged" would have with a document: it compares any two fields that answer under the
 * same name, within each operation and each fragment, and then what is selected below those two. A thousand times the same
 * field is half a million comparisons.
 *
 * Counts the selections that are collected and the pairs that are compared, and stops above the limit. The document must
 * have been measured: its fragments do not spread themselves, and none is large when it is spread.
 */
export function countComparisons(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limit: number,
): number {
  let count = 0;

  /** Counts what is selected by several selections that answer in the same place. */
  function compare(sets: readonly SelectionSetNode[]): void {
    const fields = new Map<string, { times: number; below: SelectionSetNode[] }>();
    const spread = new Set<string>();

    function collect(set: SelectionSetNode): void {
      for (const selection of set.selections) {
        count += 1;
        if (count > limit) return;
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          collect(selection.selectionSet);
        } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const name = selection.name.value;
          const fragment = fragments.get(name);
          if (!fragment || spread.has(name)) continue;
          spread.add(name);
          collect(fragment.selectionSet);
        } else {
          const name = (selection.alias ?? selection.name).value;
          const field = fields.get(name) ?? { times: 0, below: [] };
          fields.set(name, field);
          // A pair with each before it.
          count += field.times;
          field.times += 1;
          if (selection.selectionSet) field.below.push(selection.selectionSet);
        }
      }
    }

    for (const set of sets) collect(set);
    for (const { below } of fields.values()) {
      if (count > limit) return;
      if (below.length > 0) compare(below);
    }
  }

  for (const definition of document.definitions) {
    if ("selectionSet" in definition) compare([definition.selectionSet]);
  }
  return count;
}
