import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from "graphql";
import { countComparisons } from "./count-comparisons.ts";
import { LIMITS, limitError } from "./limits.ts";

/** How large a selection is with its fragments spread. */
interface Size {
  readonly depth: number;
  readonly breadth: number;
}

/**
 * Refuses a parsed document that would cost too much to validate or to execute, in one pass and a walk that looks at every
 * selection once: a fragment that doubles the next one sixteen times is sixteen additions here.
 *
 * Validation itself is no place for that: its rules run side by side, and some of them are the ones that explode.
 *
 * @throws GraphQLError for the first limit that is exceeded, and for a fragment that spreads itself
 */
export function checkDocument(document: DocumentNode): void {
  countNodes(document);
  const fragments = fragmentsOf(document);
  const measure = measurer(fragments);
  for (const definition of document.definitions) {
    if (!("selectionSet" in definition)) continue;
    const { depth, breadth } = measure(definition.selectionSet);
    const cost = { cost: { depth, maxDepth: LIMITS.depth, breadth, maxBreadth: LIMITS.breadth } };
    if (depth > LIMITS.depth) throw limitError("depth", depth, cost);
    if (breadth > LIMITS.breadth) throw limitError("breadth", breadth, cost);
  }
  const comparisons = countComparisons(document, fragments, LIMITS.comparisons);
  if (comparisons > LIMITS.comparisons) throw limitError("comparisons", null);
}

/** How large an operation of a checked document is with its fragments spread. */
export function measureOperation(document: DocumentNode, { selectionSet }: OperationDefinitionNode): Size {
  return measurer(fragmentsOf(document))(selectionSet);
}

/** A document's fragments by their names. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** Counts what can be counted without spreading fragments. */
function countNodes(document: DocumentNode): void {
  let aliases = 0;
  let directives = 0;
  let operations = 0;
  visit(document, {
    OperationDefinition() {
      operations += 1;
    },
    Field({ alias }) {
      if (!alias) return;
      aliases += 1;
      if (alias.value.length > LIMITS.aliasLength) throw limitError("aliasLength", alias.value.length);
    },
    Directive() {
      directives += 1;
    },
    ListValue: checkValueDepth,
    ObjectValue: checkValueDepth,
  });
  if (operations > LIMITS.operations) throw limitError("operations", operations);
  if (aliases > LIMITS.aliases) throw limitError("aliases", aliases);
  if (directives > LIMITS.directives) throw limitError("directives", directives);
}

function checkValueDepth(value: ValueNode): false {
  const depth = valueDepth(value);
  if (depth > LIMITS.valueDepth) throw limitError("valueDepth", depth);
  // What is inside has been measured with it.
  return false;
}

function valueDepth(value: ValueNode): number {
  const inner =
    value.kind === Kind.LIST
      ? value.values
      : value.kind === Kind.OBJECT
        ? value.fields.map((field) => field.value)
        : null;
  if (!inner) return 0;
  let deepest = 0;
  for (const each of inner) deepest = Math.max(deepest, valueDepth(each));
  return deepest + 1;
}

/** Measures selections; what was measured before is known. */
function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Size {
  const known = new Map<SelectionSetNode, Size>();
  const open = new Set<SelectionSetNode>();

  function measure(set: SelectionSetNode): Size {
    const before = known.get(set);
    if (before) return before;
    open.add(set);
    let depth = 0;
    let breadth = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, breadth: 0 };
        depth = Math.max(depth, inner.depth + 1);
        breadth += inner.breadth + 1;
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      // Validation says which fragment there is none of.
      if (!fragment) continue;
      if (open.has(fragment.selectionSet) && selection.kind === Kind.FRAGMENT_SPREAD) {
        throw new GraphQLError(`Cannot spread fragment "${selection.name.value}" within itself.`, {
          nodes: [selection],
          extensions: { code: "GRAPHQL_VALIDATION_FAILED", http: { spec: true, status: 400 } },
        });
      }
      const inner = measure(fragment.selectionSet);
      depth = Math.max(depth, inner.depth);
      breadth += inner.breadth;
    }
    open.delete(set);
    const size = { depth, breadth };
    known.set(set, size);
    return size;
  }
  return measure;
}
