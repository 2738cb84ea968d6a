import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getVariableValues,
} from "graphql";
import { executeRun } from "./execute.ts";
import { NotQuick } from "./not-quick.ts";
import { type OperationPlan, planOperation } from "./plan.ts";

/** Executes a subscription's selection for one event. Never throws. */
export type ExecuteEvent = (event: unknown) => ExecutionResult | Promise<ExecutionResult>;

/** A subscription that was read once, for all that subscribe to it. */
interface Known {
  readonly plan: OperationPlan;
  /** What came of an event, where that is the event's alone: the same for everybody who is sent it. */
  readonly shared: WeakMap<object, ExecutionResult>;
}

/** The ordinary way. */
export function ordinaryEvents(args: ExecutionArgs): ExecuteEvent {
  return (event) => execute({ ...args, rootValue: event });
}

/**
 * Executes the selections of subscriptions by plans, as quick reads are (ADR 20), and with the same answers: the same
 * resolvers are called. Where there is no plan, or anything goes wrong, the event is executed in the ordinary way; reading it
 * changes nothing, so it may be read again.
 *
 * Two thousand subscribers of one document are sent one event: where each field of the answer is the event's alone
 * (`ofParentAlone`), it is made once. An answer that has asked for anything else, such as who asks, is made for each.
 */
export class QuickEvents {
  /** Null: there is no quick way of it. Documents with the same text are one, as long as they are kept parsed. */
  readonly #known = new WeakMap<DocumentNode, Map<string, Known | null>>();

  executor(args: ExecutionArgs): ExecuteEvent {
    const ordinary = ordinaryEvents(args);
    const known = this.#find(args);
    const variables = known && coerced(known.plan, args.variableValues);
    if (!known || !variables) return ordinary;
    const { plan, shared } = known;
    const values = { plan, variables, context: args.contextValue, args: new Map() };
    return (event) => {
      const isObject = typeof event === "object" && event !== null;
      const made = isObject ? shared.get(event) : undefined;
      if (made) return made;
      const run = { ...values, root: event, ofRootAlone: true };
      try {
        const data = executeRun(run);
        if (data instanceof Promise) {
          return data.then(
            (settled) => ({ data: settled }),
            () => ordinary(event),
          );
        }
        const result = { data };
        if (isObject && run.ofRootAlone) shared.set(event, result);
        return result;
      } catch {
        // What is wrong is found and told in the ordinary way.
        return ordinary(event);
      }
    };
  }

  #find({ schema, document, operationName }: ExecutionArgs): Known | null {
    const byName = this.#known.get(document) ?? new Map<string, Known | null>();
    this.#known.set(document, byName);
    const name = operationName ?? "";
    const known = byName.get(name);
    if (known !== undefined) return known;
    const made = makeKnown(schema, document, operationName);
    byName.set(name, made);
    return made;
  }
}

function makeKnown(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): Known | null {
  try {
    const plan = planOperation(schema, document, operationName);
    return { plan, shared: new WeakMap() };
  } catch (error) {
    if (error instanceof NotQuick) return null;
    throw error;
  }
}

function coerced({ schema, operation }: OperationPlan, variables: ExecutionArgs["variableValues"]) {
  return getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}).coerced;
}
