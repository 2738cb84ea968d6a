import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
} from "graphql";
import type { FieldHints, ReadSource } from "./hints.ts";

export type Values = Readonly<Record<string, unknown>>;
export type FieldNodes = readonly [FieldNode, ...FieldNode[]];
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** An operation that was read once, so that what is selected of a type need not be found again for each object. */
export interface Plan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Undefined where the schema has no such operations. */
  readonly root: Selection | undefined;
}

/** What is selected of one object type. */
export interface Selection {
  readonly type: GraphQLObjectType;
  /** In the order of the answer; null where @skip or @include make it depend on the variables. */
  readonly fields: readonly PlannedField[] | null;
  readonly sets: readonly SelectionSetNode[];
}

export interface PlannedField {
  /** The name in the answer. */
  readonly key: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Every place where it is selected, as resolvers are told. */
  readonly nodes: FieldNodes;
  readonly isTypeName: boolean;
  readonly hasArguments: boolean;
  /** Its type, where that is a scalar or an enum and no list of them. */
  readonly leaf: { readonly type: GraphQLLeafType; readonly isNonNull: boolean } | undefined;
  /** How it is read from its source without its resolver, where the schema says so. */
  readonly read: ReadSource | undefined;
  /** The property of its source that holds it, where all that is selected of it is read from there. */
  readonly inSource: { readonly name: string; readonly selection: Selection } | undefined;
  /** Whether it has the same value whoever asks and with whichever variables, if its source is the same. */
  readonly ofSourceAlone: boolean;
  /** What is selected of its value, by the value's type; made when a value of that type first comes. */
  readonly selections: Map<GraphQLObjectType, Selection>;
}

type Source = Omit<Plan, "root">;

/** Reads an operation of a document. */
export function makePlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Plan {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const source = { schema, operation, fragments };
  const type = schema.getRootType(operation.operation);
  return { ...source, root: type ? select(source, type, [operation.selectionSet]) : undefined };
}

/** What is selected of a field's value when it is of that type. */
export function selectionOf(plan: Source, field: PlannedField, type: GraphQLObjectType): Selection {
  const known = field.selections.get(type);
  if (known) return known;
  const selection = select(plan, type, selectionSetsOf(field.nodes));
  field.selections.set(type, selection);
  return selection;
}

/** @throws GraphQLError where a variable that decides on a selection does not fit */
export function fieldsFor(
  plan: Source,
  { type, sets }: Selection,
  variables: Values,
): readonly PlannedField[] {
  return planFields(plan, type, collect(plan, type, sets, variables));
}

function select(plan: Source, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Selection {
  const nodesByKey = collect(plan, type, sets, null);
  return { type, sets, fields: nodesByKey && planFields(plan, type, nodesByKey) };
}

function selectionSetsOf(nodes: FieldNodes): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

type NodesByKey = ReadonlyMap<string, FieldNodes>;

/**
 * The specification's CollectFields.
 * @param variables null: they are not known
 * @returns null where it depends on variables that are not known
 */
function collect(
  plan: Source,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  variables: Values,
): NodesByKey;
function collect(
  plan: Source,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  variables: Values | null,
): NodesByKey | null;
function collect(
  { schema, fragments }: Source,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  variables: Values | null,
): NodesByKey | null {
  const nodesByKey = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();
  /** @returns false where it cannot be told */
  const add = (set: SelectionSetNode): boolean => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD && visited.has(selection.name.value)) continue;
      if (isConditional(selection)) {
        if (variables === null) return false;
        if (!isIncluded(selection, variables)) continue;
      }
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = nodesByKey.get(key);
        if (nodes) nodes.push(selection);
        else nodesByKey.set(key, [selection]);
        continue;
      }
      let fragment: Pick<FragmentDefinitionNode, "selectionSet"> & Condition = selection as never;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        visited.add(selection.name.value);
        const definition = fragments[selection.name.value];
        if (!definition) continue;
        fragment = definition;
      }
      if (applies(schema, fragment, type) && !add(fragment.selectionSet)) return false;
    }
    return true;
  };
  return sets.every(add) ? nodesByKey : null;
}

function isConditional({ directives }: SelectionNode): boolean {
  return (
    directives?.some(
      ({ name }) => name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name,
    ) ?? false
  );
}

function isIncluded(selection: SelectionNode, variables: Values): boolean {
  const given = variables as Record<string, unknown>;
  const skip: { if?: unknown } | undefined = getDirectiveValues(GraphQLSkipDirective, selection, given);
  if (skip?.if === true) return false;
  const include: { if?: unknown } | undefined = getDirectiveValues(GraphQLIncludeDirective, selection, given);
  return include?.if !== false;
}

interface Condition {
  readonly typeCondition?: FragmentDefinitionNode["typeCondition"] | undefined;
}

function applies(schema: GraphQLSchema, { typeCondition }: Condition, type: GraphQLObjectType): boolean {
  if (!typeCondition) return true;
  const condition = typeFromAST(schema, typeCondition);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}

function planFields(
  plan: Source,
  parentType: GraphQLObjectType,
  nodesByKey: NodesByKey,
): readonly PlannedField[] {
  const fields: PlannedField[] = [];
  for (const [key, nodes] of nodesByKey) {
    const definition = definitionOf(plan.schema, parentType, nodes[0].name.value);
    // Validation refuses what is not there; without it such a field is left out.
    if (!definition) continue;
    const hints = definition.extensions as FieldHints;
    const isTypeName = definition === TypeNameMetaFieldDef;
    const inSource = inSourceOf(plan, definition, hints, nodes);
    const nullable = getNullableType(definition.type);
    fields.push({
      key,
      definition,
      parentType,
      nodes,
      isTypeName,
      hasArguments: definition.args.length > 0,
      leaf: isLeafType(nullable) ? { type: nullable, isNonNull: isNonNullType(definition.type) } : undefined,
      read: isLeafType(getNamedType(definition.type)) ? hints.readSource : undefined,
      inSource,
      ofSourceAlone: isTypeName || (hints.ofSourceAlone ?? false),
      selections: new Map(inSource && [[inSource.selection.type, inSource.selection]]),
    });
  }
  return fields;
}

function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

function inSourceOf(
  plan: Source,
  definition: GraphQLField<unknown, unknown>,
  { sourceProperty: name }: FieldHints,
  nodes: FieldNodes,
): PlannedField["inSource"] {
  const type = getNamedType(definition.type);
  if (name === undefined || !isObjectType(type) || type.isTypeOf) return undefined;
  const selection = select(plan, type, selectionSetsOf(nodes));
  const isReadable = selection.fields?.every(
    ({ isTypeName, read, inSource, ofSourceAlone }) => isTypeName || inSource || (read && ofSourceAlone),
  );
  return isReadable ? { name, selection } : undefined;
}
