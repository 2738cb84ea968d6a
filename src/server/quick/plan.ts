import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  typeFromAST,
  visit,
} from "graphql";
import { NotQuick } from "./not-quick.ts";

/** A leaf that is read from columns of its row. */
export interface RowField {
  readonly columns: readonly string[];
  readonly read: (row: object, args: object, context: unknown) => unknown;
}

/** A field of a scalar or an enum, and of no list of them. */
export interface LeafField {
  readonly type: GraphQLLeafType;
  readonly isNonNull: boolean;
}

/** A relation whose rows lie in its row, with all that is selected of them, which depends on nothing but them. */
export interface RowRelation {
  /** Its name in the row. */
  readonly name: string;
  readonly selection: TypeSelection;
}

/** An operation that was read once: what is selected of each type, so that it need not be found again for every row. */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly root: TypeSelection;
}

/** The fields that are selected of one object type, in the order of the answer. */
export interface TypeSelection {
  readonly type: GraphQLObjectType;
  readonly fields: readonly SelectedField[];
}

export interface SelectedField {
  /** The name in the answer. */
  readonly key: string;
  /** Undefined: `__typename`. */
  readonly definition: GraphQLField<unknown, unknown> | undefined;
  /** Every place where it is selected, as resolvers are told. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** Its type, where that is a leaf's: found once, as a page has thousands of them. */
  readonly leaf: LeafField | undefined;
  /** How it is read from its row, where it is a leaf, or a list of them, that is read from nothing else. */
  readonly fromRow: RowField | undefined;
  /** The relation, where it is one that the row holds and all that is selected of it is in its rows. */
  readonly inRow: RowRelation | undefined;
  /** Whether its value is the same whoever asks and with whichever variables, if its parent is. */
  readonly ofParentAlone: boolean;
  /** What is selected of its value, by the value's type; made when a value of that type first comes. */
  readonly selections: Map<GraphQLObjectType, TypeSelection>;
}

/**
 * Reads a valid document's operation.
 * @throws NotQuick for what has no plan: directives, introspection, mutations of several fields
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  name: string | null | undefined,
): OperationPlan {
  const operation = getOperationAST(document, name);
  const type = operation && schema.getRootType(operation.operation);
  if (!type) throw new NotQuick();
  // @skip and @include would make a plan depend on the variables.
  visit(document, {
    Directive: () => {
      throw new NotQuick();
    },
  });
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const plan = { schema, operation, fragments };
  const root = select(plan, type, [operation.selectionSet]);
  // Several would have to be carried out one after the other.
  if (operation.operation === OperationTypeNode.MUTATION && root.fields.length > 1) throw new NotQuick();
  return { ...plan, root };
}

/** What is selected of a field's value when it is of that type. */
export function selectionOf(
  plan: OperationPlan,
  field: SelectedField,
  type: GraphQLObjectType,
): TypeSelection {
  const known = field.selections.get(type);
  if (known) return known;
  const sets = field.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const selection = select(plan, type, sets);
  field.selections.set(type, selection);
  return selection;
}

function select(
  plan: Omit<OperationPlan, "root">,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): TypeSelection {
  const nodesByKey = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = nodesByKey.get(key);
        if (nodes) nodes.push(selection);
        else nodesByKey.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(plan.schema, selection, type)) collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = plan.fragments[selection.name.value];
        if (!fragment) throw new NotQuick();
        if (applies(plan.schema, fragment, type)) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  const definitions = type.getFields();
  const fields = [...nodesByKey].map(([key, nodes]): SelectedField => {
    const name = nodes[0].name.value;
    const definition = definitions[name];
    if (!definition && name !== "__typename") throw new NotQuick();
    const inRow = rowRelationOf(plan, definition, nodes);
    return {
      key,
      definition,
      nodes,
      leaf: leafOf(definition),
      fromRow: rowFieldOf(definition),
      inRow,
      ofParentAlone: isOfParentAlone(definition, type === plan.schema.getSubscriptionType()),
      selections: new Map(inRow && [[inRow.selection.type, inRow.selection]]),
    };
  });
  return { type, fields };
}

function leafOf(definition: SelectedField["definition"]): LeafField | undefined {
  if (!definition) return undefined;
  const type = getNullableType(definition.type);
  return isLeafType(type) ? { type, isNonNull: isNonNullType(definition.type) } : undefined;
}

/** What the schema says of its fields (src/schema/columns-plugin.ts, relations-plugin.ts). */
interface FieldExtensions {
  readonly rowColumns?: readonly string[];
  readonly readRow?: RowField["read"];
  readonly rowRelation?: string;
  readonly ofParentAlone?: boolean;
}

function rowFieldOf(definition: SelectedField["definition"]): RowField | undefined {
  if (!definition || !isLeafType(getNamedType(definition.type))) return undefined;
  const { rowColumns: columns, readRow: read } = definition.extensions as FieldExtensions;
  return columns && read && { columns, read };
}

function rowRelationOf(
  plan: Omit<OperationPlan, "root">,
  definition: SelectedField["definition"],
  nodes: SelectedField["nodes"],
): RowRelation | undefined {
  const { rowRelation: name } = (definition?.extensions ?? {}) as FieldExtensions;
  const type = definition && getNamedType(definition.type);
  if (name === undefined || !isObjectType(type)) return undefined;
  const selection = select(
    plan,
    type,
    nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
  );
  const isAllInRow = selection.fields.every(
    ({ definition, fromRow, inRow, ofParentAlone }) => !definition || inRow || (fromRow && ofParentAlone),
  );
  return isAllInRow ? { name, selection } : undefined;
}

/** A field without a resolver is a property of its parent. A subscription's arguments have said which events come. */
function isOfParentAlone(definition: SelectedField["definition"], isSubscription: boolean): boolean {
  if (!definition) return true;
  if (definition.args.length > 0 && !isSubscription) return false;
  const { ofParentAlone } = definition.extensions as FieldExtensions;
  return ofParentAlone === true || definition.resolve === undefined;
}

function applies(
  schema: GraphQLSchema,
  { typeCondition }: { readonly typeCondition?: FragmentDefinitionNode["typeCondition"] | undefined },
  type: GraphQLObjectType,
): boolean {
  if (!typeCondition) return true;
  const condition = typeFromAST(schema, typeCondition);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}
