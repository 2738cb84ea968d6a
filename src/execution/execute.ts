import {
  type DocumentNode,
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  getArgumentValues,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import { assertValidExecutionArguments } from "graphql/execution/execute.js";
import { inspect } from "graphql/jsutils/inspect.js";
import {
  type FieldNodes,
  fieldsFor,
  makePlan,
  type Plan,
  type PlannedField,
  type Selection,
  selectionOf,
  type Values,
} from "./plan.ts";

/** A place in the answer, from its end to its beginning. */
type Path = GraphQLResolveInfo["path"];
type PromiseOrValue<T> = T | Promise<T>;

export interface CompiledExecutionArgs extends ExecutionArgs {
  /** Once it aborts, no further resolver is called and the result is rejected with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** One execution of a plan. */
interface Run {
  readonly plan: Plan;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Values;
  readonly resolveField: GraphQLFieldResolver<unknown, unknown>;
  readonly resolveType: GraphQLTypeResolver<unknown, unknown>;
  readonly signal: AbortSignal | undefined;
  /** The arguments of fields that take some: the same for every object. */
  readonly args: Map<PlannedField, Values>;
  /** The fields of selections on which the variables decide. */
  readonly fields: Map<Selection, readonly PlannedField[]>;
  readonly errors: Errors;
  /** Whether the result is the root value's alone: the same with any other context and variables. */
  ofRootAlone: boolean;
}

/**
 * Executes an operation as graphql-js' `execute` does: the same resolvers are called in the same order with the same arguments, and
 * the result is the same, errors and their order included. It differs in what it costs: an operation is planned once, and fields that
 * the schema has hints of (`FieldHints`) are read without their resolvers.
 *
 * A list may also be an async iterable, and `signal` ends an execution.
 *
 * @param args the document must be valid @throws what graphql-js throws for arguments that are none, and the signal's reason
 */
export function execute(args: CompiledExecutionArgs): PromiseOrValue<ExecutionResult> {
  const prepared = prepare(args);
  return "errors" in prepared ? prepared : prepared.execute(args.rootValue).result;
}

/** An operation with its variables, to be executed with one root value after another. */
export interface PreparedExecution {
  execute(rootValue: unknown): {
    readonly result: PromiseOrValue<ExecutionResult>;
    /**
     * Whether the result is the root value's alone, so that it may be given to whoever asks the same of the same root value, with other
     * variables and another context too. Only where it is there at once.
     */
    readonly isShareable: boolean;
  };
  /** The same for all executions of an operation in a document. */
  readonly plan: object;
}

/** @returns only errors where the operation or its variables do not fit */
export function prepare(
  args: CompiledExecutionArgs,
): PreparedExecution | { readonly errors: readonly GraphQLError[] } {
  const { schema, document, operationName, contextValue: context, signal } = args;
  assertValidExecutionArguments(schema, document, args.variableValues);
  const plan = planOf(schema, document, operationName);
  if (plan instanceof GraphQLError) return { errors: [plan] };
  const variables = getVariableValues(
    schema,
    plan.operation.variableDefinitions ?? [],
    args.variableValues ?? {},
    {
      maxErrors: args.options?.maxCoercionErrors ?? 50,
      hideSuggestions: args.hideSuggestions ?? false,
    },
  );
  if (variables.errors) return { errors: variables.errors };
  const shared = {
    plan,
    context,
    variables: variables.coerced,
    resolveField: args.fieldResolver ?? defaultFieldResolver,
    resolveType: args.typeResolver ?? defaultTypeResolver,
    signal,
    args: new Map(),
    fields: new Map(),
  };
  return {
    plan,
    execute(rootValue) {
      const run = { ...shared, rootValue, errors: new Errors(), ofRootAlone: true };
      const result = untilAborted(executeOperation(run), signal);
      return { result, isShareable: run.ofRootAlone && !(result instanceof Promise) };
    },
  };
}

type Plans = Map<string | null, Plan | GraphQLError>;
const PLANS = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Plans>>();

/** Plans live as long as their document. */
function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  name: string | null = null,
): Plan | GraphQLError {
  const ofSchema = PLANS.get(schema) ?? new WeakMap<DocumentNode, Plans>();
  PLANS.set(schema, ofSchema);
  const byName: Plans = ofSchema.get(document) ?? new Map();
  ofSchema.set(document, byName);
  const known = byName.get(name);
  if (known) return known;
  const operation = operationOf(document, name);
  // Of names that the document does not have there is no end.
  if (operation instanceof GraphQLError) return operation;
  const plan = makePlan(schema, document, operation);
  byName.set(name, plan);
  return plan;
}

function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode | GraphQLError {
  let found: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (name === null && found) {
      return new GraphQLError("Must provide operation name if query contains multiple operations.");
    }
    if (name === null || definition.name?.value === name) found = definition;
  }
  if (found) return found;
  return new GraphQLError(
    name === null ? "Must provide an operation." : `Unknown operation named "${name}".`,
  );
}

function untilAborted<T>(result: PromiseOrValue<T>, signal: AbortSignal | undefined): PromiseOrValue<T> {
  if (!signal) return result;
  if (signal.aborted) {
    if (result instanceof Promise) result.catch(() => {});
    throw signal.reason;
  }
  if (!(result instanceof Promise)) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The errors of a result, less those of places that were nulled before. */
class Errors {
  readonly list: GraphQLError[] = [];
  readonly #places = new Set<Path | undefined>();

  add(error: GraphQLError, path: Path | undefined): void {
    for (let at = path; at !== undefined; at = at.prev) if (this.#places.has(at)) return;
    if (this.#places.has(undefined)) return;
    this.#places.add(path);
    this.list.push(error);
  }
}

function executeOperation(run: Run): PromiseOrValue<ExecutionResult> {
  const { plan, rootValue } = run;
  const { operation, root } = plan;
  const fail = (error: unknown): ExecutionResult => {
    run.errors.add(error as GraphQLError, undefined);
    return { errors: run.errors.list, data: null };
  };
  const succeed = (data: Values): ExecutionResult =>
    run.errors.list.length === 0 ? { data } : { errors: run.errors.list, data };
  try {
    if (!root) {
      throw new GraphQLError(`Schema is not configured to execute ${operation.operation} operation.`, {
        nodes: operation,
      });
    }
    const data =
      operation.operation === OperationTypeNode.MUTATION
        ? executeSerially(run, fieldsOf(run, root), rootValue)
        : executeFields(run, fieldsOf(run, root), rootValue, undefined);
    return data instanceof Promise ? data.then(succeed, fail) : succeed(data);
  } catch (error) {
    return fail(error);
  }
}

function fieldsOf(run: Run, selection: Selection): readonly PlannedField[] {
  if (selection.fields) return selection.fields;
  run.ofRootAlone = false;
  const known = run.fields.get(selection);
  if (known) return known;
  const fields = fieldsFor(run.plan, selection, run.variables);
  run.fields.set(selection, fields);
  return fields;
}

/** Objects of an answer: as with graphql-js they have no prototype's properties, so that any name can be a key. */
const Answer = function Answer() {} as unknown as { new (): Record<string, unknown> };
(Answer as unknown as { prototype: object }).prototype = Object.create(null);

function executeSerially(run: Run, fields: readonly PlannedField[], source: unknown): PromiseOrValue<Values> {
  const values = new Answer();
  const step = (field: PlannedField): PromiseOrValue<Values> => {
    const value = executeField(run, field, source, undefined);
    if (value instanceof Promise) {
      return value.then((settled) => {
        values[field.key] = settled;
        return values;
      });
    }
    values[field.key] = value;
    return values;
  };
  let done: PromiseOrValue<Values> = values;
  for (const field of fields) done = done instanceof Promise ? done.then(() => step(field)) : step(field);
  return done;
}

function executeFields(
  run: Run,
  fields: readonly PlannedField[],
  source: unknown,
  path: Path | undefined,
): PromiseOrValue<Values> {
  const values = new Answer();
  let pending: Promise<unknown>[] | undefined;
  let keys: string[] | undefined;
  try {
    for (const field of fields) {
      const value = executeField(run, field, source, path);
      values[field.key] = value;
      if (value instanceof Promise) {
        pending ??= [];
        keys ??= [];
        pending.push(value);
        keys.push(field.key);
      }
    }
  } catch (error) {
    // The others may fail, too, and nobody else waits for them.
    if (pending) return failAfter(Promise.all(pending), error);
    throw error;
  }
  if (!pending || !keys) return values;
  const waited = keys;
  return Promise.all(pending).then((settled) => {
    for (const [at, key] of waited.entries()) values[key] = settled[at];
    return values;
  });
}

/** Fails with an error once what was begun beside it has ended, after as many turns as in graphql-js. */
function failAfter(others: Promise<unknown>, error: unknown): Promise<never> {
  return others
    .then(() => {})
    .finally(() => {
      throw error;
    }) as Promise<never>;
}

function executeField(run: Run, field: PlannedField, source: unknown, parentPath: Path | undefined): unknown {
  const { read, inSource } = field;
  if (field.isTypeName) return field.parentType.name;
  if (!field.ofSourceAlone) run.ofRootAlone = false;
  if (read && hasAll(source as Values, read.properties)) {
    // A large answer has thousands of such fields: only one that fails is given its path.
    try {
      const value = read.read(source as object, argumentsOf(run, field), run.context);
      if (field.leaf && !isPromise(value)) return completeLeaf(field, field.leaf, value);
      return completeAt(run, field, value, pathOf(field, parentPath), undefined);
    } catch (error) {
      return handleError(run, field, field.definition.type, error, pathOf(field, parentPath));
    }
  }
  const path = pathOf(field, parentPath);
  try {
    if (inSource) {
      const held = (source as Values)[inSource.name];
      if (held !== undefined) return completeAt(run, field, held, path, undefined);
    }
    const info = infoOf(run, field, path);
    const resolve = field.definition.resolve ?? run.resolveField;
    run.signal?.throwIfAborted();
    const value = resolve(source, argumentsOf(run, field), run.context, info);
    return completeAt(run, field, value, path, info);
  } catch (error) {
    return handleError(run, field, field.definition.type, error, path);
  }
}

function pathOf({ key, parentType }: PlannedField, prev: Path | undefined): Path {
  return { prev, key, typename: parentType.name };
}

function infoOf(run: Run, field: PlannedField, path: Path): GraphQLResolveInfo {
  const { definition, nodes, parentType } = field;
  const { schema, fragments, operation } = run.plan;
  return {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema,
    fragments,
    rootValue: run.rootValue,
    operation,
    variableValues: run.variables as Record<string, unknown>,
  };
}

/** Arguments are a resolver's own: it may change what it is given. */
function argumentsOf(run: Run, field: PlannedField): Values {
  if (!field.hasArguments) return {};
  const known = run.args.get(field);
  if (known) return { ...known };
  const args = getArgumentValues(field.definition, field.nodes[0], run.variables as Record<string, unknown>);
  run.args.set(field, args);
  return { ...args };
}

/** Completes a field's value; what fails later is handled, what fails now is thrown. */
function completeAt(
  run: Run,
  field: PlannedField,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): unknown {
  const { type } = field.definition;
  const completed = isPromise(value)
    ? after(value, (settled) => complete(run, field, type, settled, path, info))
    : complete(run, field, type, value, path, info);
  if (!(completed instanceof Promise)) return completed;
  return completed.then(undefined, (error: unknown) => handleError(run, field, type, error, path));
}

/** @throws the error, located, where the place must not be null */
function handleError(
  run: Run,
  field: PlannedField,
  type: GraphQLOutputType,
  error: unknown,
  path: Path,
): null {
  const located = locatedError(error, field.nodes, pathToArray(path));
  if (isNonNullType(type)) throw located;
  run.errors.add(located, path);
  return null;
}

function pathToArray(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

function complete(
  run: Run,
  field: PlannedField,
  type: GraphQLOutputType,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): unknown {
  if (value instanceof Error) throw value;
  if (isNonNullType(type)) {
    const completed = complete(run, field, type.ofType, value, path, info);
    // What is promised is a list or an object, which is completed or fails, and never null.
    if (completed === null) throw new Error(nullMessage(field));
    return completed;
  }
  if (value === null || value === undefined) return null;
  if (isListType(type)) return completeList(run, field, type.ofType, value, path, info);
  if (isLeafType(type)) return serialize(type, value);
  if (isObjectType(type)) return completeObject(run, field, type, value, path, info);
  if (isAbstractType(type)) {
    const given = info ?? infoOf(run, field, path);
    const resolveType = type.resolveType ?? run.resolveType;
    const name = resolveType(value, run.context, given, type);
    const completeAs = (name: unknown) => {
      const actual = runtimeType(run, field, type, name, value);
      return completeObject(run, field, actual, value, path, given);
    };
    return isPromise(name) ? after(name, completeAs) : completeAs(name);
  }
  throw new Error(`Cannot complete value of unexpected output type: ${inspect(type)}`);
}

function nullMessage({ parentType, definition }: PlannedField): string {
  return `Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`;
}

function completeLeaf(
  field: PlannedField,
  { type, isNonNull }: NonNullable<PlannedField["leaf"]>,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value;
  if (value !== null && value !== undefined) return serialize(type, value);
  if (isNonNull) throw new Error(nullMessage(field));
  return null;
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized === null || serialized === undefined) {
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
  return serialized;
}

function completeList(
  run: Run,
  field: PlannedField,
  itemType: GraphQLOutputType,
  list: unknown,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): unknown {
  if (isAsyncIterable(list)) {
    return collectAsync(list).then((items) => completeItems(run, field, itemType, items, path, info));
  }
  if (typeof list !== "object" || list === null || !(Symbol.iterator in list)) {
    const { parentType, definition } = field;
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${parentType.name}.${definition.name}".`,
    );
  }
  return completeItems(run, field, itemType, list as Iterable<unknown>, path, info);
}

function completeItems(
  run: Run,
  field: PlannedField,
  itemType: GraphQLOutputType,
  list: Iterable<unknown>,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): PromiseOrValue<unknown[]> {
  const items: unknown[] = [];
  let isPending = false;
  let failure: { readonly error: unknown } | undefined;
  for (const value of list) {
    if (failure) {
      // Nobody will look at it any more, nor at its failure.
      if (isPromise(value)) value.then(undefined, () => {});
      continue;
    }
    const itemPath: Path = { prev: path, key: items.length, typename: undefined };
    try {
      const item = completeItem(run, field, itemType, value, itemPath, info);
      if (item instanceof Promise) isPending = true;
      items.push(item);
    } catch (error) {
      failure = { error };
    }
  }
  if (failure) {
    const { error } = failure;
    // What other items have begun may fail, too, and nobody else waits for it.
    if (isPending) return failAfter(Promise.all(items), error);
    throw error;
  }
  return isPending ? Promise.all(items) : items;
}

/** @throws its error, located, where an item must not be null */
function completeItem(
  run: Run,
  field: PlannedField,
  itemType: GraphQLOutputType,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): unknown {
  try {
    const completed = isPromise(value)
      ? after(value, (settled) => complete(run, field, itemType, settled, path, info))
      : complete(run, field, itemType, value, path, info);
    if (!(completed instanceof Promise)) return completed;
    return completed.then(undefined, (error: unknown) => handleError(run, field, itemType, error, path));
  } catch (error) {
    return handleError(run, field, itemType, error, path);
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function collectAsync(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of list) items.push(item);
  return items;
}

function runtimeType(
  run: Run,
  field: PlannedField,
  type: GraphQLOutputType & { readonly name: string },
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const { nodes, parentType, definition } = field;
  const place = `${parentType.name}.${definition.name}`;
  const fail = (message: string) => new GraphQLError(message, { nodes });
  if (name === null || name === undefined) {
    throw fail(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${place}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      "Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.",
    );
  }
  if (typeof name !== "string") {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${place}" with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const actual = run.plan.schema.getType(name);
  if (!actual) {
    throw fail(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
    );
  }
  if (!isObjectType(actual)) {
    throw fail(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`);
  }
  if (!isAbstractType(type) || !run.plan.schema.isSubType(type, actual)) {
    throw fail(`Runtime Object type "${name}" is not a possible type for "${type.name}".`);
  }
  return actual;
}

function completeObject(
  run: Run,
  field: PlannedField,
  type: GraphQLObjectType,
  value: unknown,
  path: Path,
  info: GraphQLResolveInfo | undefined,
): unknown {
  const fields = fieldsOf(run, selectionOf(run.plan, field, type));
  if (!type.isTypeOf) return executeFields(run, fields, value, path);
  const isType = type.isTypeOf(value, run.context, info ?? infoOf(run, field, path));
  const check = (isType: unknown) => {
    if (isType) return executeFields(run, fields, value, path);
    throw wrongType(type, value, field.nodes);
  };
  return isPromise(isType) ? after(isType, check) : check(isType);
}

function wrongType(type: GraphQLObjectType, value: unknown, nodes: FieldNodes): GraphQLError {
  return new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });
}

function hasAll(source: Values, properties: readonly string[]): boolean {
  if (source === null || source === undefined) return false;
  for (const property of properties) if (source[property] === undefined) return false;
  return true;
}

/** Not every promise is one of the language's: Prisma's begin when they are waited for. What comes of them is. */
function after<T>(promise: PromiseLike<T>, next: (settled: T) => unknown): Promise<unknown> {
  const result = promise.then(next);
  return result instanceof Promise ? result : Promise.resolve(result);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  // Most values are texts, of which it need not be asked.
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
