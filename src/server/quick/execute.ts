import {
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getVariableValues,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
} from "graphql";
import { NotQuick } from "./not-quick.ts";
import {
  type LeafField,
  type OperationPlan,
  type SelectedField,
  selectionOf,
  type TypeSelection,
} from "./plan.ts";

type Path = GraphQLResolveInfo["path"];
type Values = Readonly<Record<string, unknown>>;
type Definition = NonNullable<SelectedField["definition"]>;

/** One execution of a plan. */
export interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  readonly variables: Values;
  /** A field has the same arguments in every row. */
  readonly args: Map<SelectedField, Values>;
  readonly root?: unknown;
  /** Whether the answer is the root value's alone: the same with any other context and variables. */
  ofRootAlone: boolean;
}

/**
 * Executes an operation of which nothing goes wrong: the same resolvers, called in the same order with the same arguments as by any
 * executor of GraphQL, and their values completed as the specification says. What an executor does about errors it leaves
 * out: at the first one it gives up, and whoever called executes the operation in the ordinary way instead. A mutation must not be carried
 * out a second time then: what it came to the first time is told as soon as it is begun.
 *
 * @param begin told, of a mutation, what its one field is resolved to; that may fail, too
 * @returns the answer's `data`
 * @throws whatever went wrong: an error of a resolver, a null where there is none allowed, variables that do not fit
 */
export async function executeQuick(
  plan: OperationPlan,
  variables: Values | null | undefined,
  context: unknown,
  begin: (outcome: Promise<unknown>) => void,
): Promise<Values> {
  const { schema, operation, root } = plan;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  // The next request's may fit.
  if (!coerced) throw new TypeError("The variables do not fit.");
  const run = { plan, context, variables: coerced, args: new Map(), ofRootAlone: true };
  if (operation.operation === OperationTypeNode.MUTATION) return executeMutation(run, root, begin);
  return executeFields(run, root, undefined, undefined);
}

async function executeMutation(
  run: Run,
  { type, fields: [field] }: TypeSelection,
  begin: (outcome: Promise<unknown>) => void,
): Promise<Values> {
  if (!field?.definition) throw new NotQuick();
  const { definition, key } = field;
  // What is wrong with them is found before anything is begun.
  argumentsOf(run, field);
  const path: Path = { prev: undefined, key, typename: type.name };
  const info = infoOf(run, type, definition, field, path);
  const outcome = new Promise((settle) => settle(resolve(run, definition, field, undefined, info)));
  begin(outcome);
  return { [key]: await complete(run, field, definition.type, await outcome, path, info) };
}

/** The same of an execution that was prepared: its variables fit. What needs no waiting is there at once. */
export function executeRun(run: Run): Values | Promise<Values> {
  return executeFields(run, run.plan.root, run.root, undefined);
}

function executeFields(
  run: Run,
  { type, fields }: TypeSelection,
  parent: unknown,
  path: Path | undefined,
): Values | Promise<Values> {
  const values: Record<string, unknown> = {};
  let pending: Promise<unknown>[] | undefined;
  try {
    for (const field of fields) {
      const value = executeField(run, type, field, parent, path);
      values[field.key] = value;
      if (value instanceof Promise) {
        pending ??= [];
        pending.push(value.then((settled) => (values[field.key] = settled)));
      }
    }
  } catch (error) {
    abandon(pending);
    throw error;
  }
  return pending ? Promise.all(pending).then(() => values) : values;
}

function executeField(
  run: Run,
  parentType: GraphQLObjectType,
  field: SelectedField,
  parent: unknown,
  parentPath: Path | undefined,
): unknown {
  const { definition, key, fromRow, inRow } = field;
  if (!definition) return parentType.name;
  if (!field.ofParentAlone) run.ofRootAlone = false;
  // What lies in its row asks for nothing else, which saves the thousands of paths of a large answer.
  if (fromRow && hasAll(parent as Values, fromRow.columns)) {
    const value = fromRow.read(parent as Values, argumentsOf(run, field), run.context);
    if (!isPromise(value)) return complete(run, field, definition.type, value, NO_PATH, NO_INFO);
  }
  if (inRow) {
    const related = (parent as Values)[inRow.name];
    if (related !== undefined) return completeRelated(run, inRow.selection, definition.type, related);
  }
  const path: Path = { prev: parentPath, key, typename: parentType.name };
  const info = infoOf(run, parentType, definition, field, path);
  const value = resolve(run, definition, field, parent, info);
  if (isPromise(value)) {
    return Promise.resolve(value).then((settled) =>
      complete(run, field, definition.type, settled, path, info),
    );
  }
  return complete(run, field, definition.type, value, path, info);
}

function infoOf(
  run: Run,
  parentType: GraphQLObjectType,
  definition: Definition,
  { nodes }: SelectedField,
  path: Path,
): GraphQLResolveInfo {
  const { schema, fragments, operation } = run.plan;
  return {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema,
    fragments,
    rootValue: run.root,
    operation,
    variableValues: run.variables as Record<string, unknown>,
  };
}

function resolve(
  run: Run,
  definition: Definition,
  field: SelectedField,
  parent: unknown,
  info: GraphQLResolveInfo,
): unknown {
  return definition.resolve
    ? definition.resolve(parent, argumentsOf(run, field), run.context, info)
    : plainProperty(parent, definition.name);
}

/** The rows of a relation, which hold all that is selected of them. */
function completeRelated(
  run: Run,
  selection: TypeSelection,
  type: GraphQLOutputType,
  related: unknown,
): unknown {
  if (isNonNullType(type)) {
    if (related === null) throw new NotQuick();
    return completeRelated(run, selection, type.ofType, related);
  }
  if (related === null) return null;
  if (!Array.isArray(related)) return readRow(run, selection, related as Values);
  const rows: Values[] = [];
  for (const row of related) rows.push(readRow(run, selection, row));
  return rows;
}

function readRow(run: Run, { type, fields }: TypeSelection, row: Values): Values {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const { definition, fromRow, inRow, key } = field;
    if (!definition) values[key] = type.name;
    else if (fromRow && hasAll(row, fromRow.columns)) {
      // It is its row's alone, so that it takes no arguments.
      const value = fromRow.read(row, NO_ARGUMENTS, run.context);
      if (isPromise(value)) throw new NotQuick();
      values[key] = complete(run, field, definition.type, value, NO_PATH, NO_INFO);
    } else {
      const related = inRow && row[inRow.name];
      // It is not, so that whoever loaded it meant it for something else.
      if (!inRow || related === undefined) throw new NotQuick();
      values[key] = completeRelated(run, inRow.selection, definition.type, related);
    }
  }
  return values;
}

/** For leaves that are read from their row: nobody looks at it. */
const NO_INFO = Object.freeze({}) as GraphQLResolveInfo;
const NO_ARGUMENTS: Values = Object.freeze({});
const NO_PATH: Path = Object.freeze({ prev: undefined, key: "", typename: undefined });

function hasAll(row: Values, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return false;
  return true;
}

/** What a field without a resolver is: a property, as long as nobody has to be called for it. */
function plainProperty(parent: unknown, name: string): unknown {
  const value = (parent as Values)[name];
  if (typeof value === "function") throw new NotQuick();
  return value;
}

function argumentsOf(run: Run, field: SelectedField): Values {
  const known = run.args.get(field);
  if (known) return known;
  const { definition, nodes } = field;
  const args = definition ? getArgumentValues(definition, nodes[0], run.variables) : {};
  run.args.set(field, args);
  return args;
}

function complete(
  run: Run,
  field: SelectedField,
  type: GraphQLOutputType,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo,
): unknown {
  if (field.leaf) return completeLeaf(field.leaf, value);
  if (isNonNullType(type)) {
    const completed = complete(run, field, type.ofType, value, path, info);
    // A promise's value is looked at where it is settled.
    if (completed === null) throw new NotQuick();
    return completed instanceof Promise ? completed.then(present) : completed;
  }
  if (value === null || value === undefined) return null;
  if (value instanceof Error) throw value;
  if (isObjectType(type)) return completeObject(run, field, type, value, path, info);
  if (isListType(type)) return completeList(run, field, type.ofType, value, path, info);
  if (isAbstractType(type)) {
    const name = type.resolveType?.(value, run.context, info, type);
    const actual = typeof name === "string" ? run.plan.schema.getType(name) : undefined;
    if (!isObjectType(actual) || !run.plan.schema.isSubType(type, actual)) throw new NotQuick();
    return completeObject(run, field, actual, value, path, info);
  }
  return serialize(type, value);
}

function completeLeaf({ type, isNonNull }: LeafField, value: unknown): unknown {
  if (value === null || value === undefined) {
    if (isNonNull) throw new NotQuick();
    return null;
  }
  if (value instanceof Error) throw value;
  return serialize(type, value);
}

function present(value: unknown): unknown {
  if (value === null) throw new NotQuick();
  return value;
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized === null || serialized === undefined) throw new NotQuick();
  return serialized;
}

function completeList(
  run: Run,
  field: SelectedField,
  itemType: GraphQLOutputType,
  list: unknown,
  path: Path,
  info: GraphQLResolveInfo,
): unknown {
  if (!Array.isArray(list)) throw new NotQuick();
  const items: unknown[] = [];
  let pending: Promise<unknown>[] | undefined;
  try {
    for (const [index, value] of list.entries()) {
      const itemPath: Path = { prev: path, key: index, typename: undefined };
      const item = isPromise(value)
        ? Promise.resolve(value).then((settled) => complete(run, field, itemType, settled, itemPath, info))
        : complete(run, field, itemType, value, itemPath, info);
      items.push(item);
      if (item instanceof Promise) {
        pending ??= [];
        pending.push(item.then((settled) => (items[index] = settled)));
      }
    }
  } catch (error) {
    abandon(pending);
    throw error;
  }
  return pending ? Promise.all(pending).then(() => items) : items;
}

function completeObject(
  run: Run,
  field: SelectedField,
  type: GraphQLObjectType,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo,
): unknown {
  if (type.isTypeOf && type.isTypeOf(value, run.context, info) !== true) throw new NotQuick();
  return executeFields(run, selectionOf(run.plan, field, type), value, path);
}

/** Prisma's promises are none of the language's. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  // Most values are texts, of which it need not be asked.
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** What was begun before something else went wrong: nobody waits for it any more, nor for its failure. */
function abandon(pending: readonly Promise<unknown>[] | undefined): void {
  for (const promise of pending ?? []) promise.catch(() => {});
}
