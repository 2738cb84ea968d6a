import { type ExecutionArgs, type ExecutionResult, execute } from "graphql";
import { prepare } from "../../execution/execute.ts";

/** Executes a subscription's selection for one event. Never throws. */
export type ExecuteEvent = (event: unknown) => ExecutionResult | Promise<ExecutionResult>;

/** graphql-js' own way. */
export function ordinaryEvents(args: ExecutionArgs): ExecuteEvent {
  return (event) => execute({ ...args, rootValue: event });
}

/**
 * Executes the selections of subscriptions by their plans. Two thousand subscribers of one document are sent one event: where
 * each field of the answer is the event's alone (`ofSourceAlone`), it is made once. An answer that has asked for anything
 * else, such as who asks, is made for each.
 */
export class QuickEvents {
  /** By plan, what came of each event where that is the event's alone. */
  readonly #shared = new WeakMap<object, WeakMap<object, ExecutionResult>>();

  executor(args: ExecutionArgs): ExecuteEvent {
    const prepared = prepare(args);
    if ("errors" in prepared) return () => prepared;
    const shared = this.#sharedOf(prepared.plan);
    return (event) => {
      const isObject = typeof event === "object" && event !== null;
      const made = isObject ? shared.get(event) : undefined;
      if (made) return made;
      const { result, isShareable } = prepared.execute(event);
      // Errors are masked and logged for whoever asks.
      if (isObject && isShareable && !(result instanceof Promise) && !result.errors) {
        shared.set(event, result);
      }
      return result;
    };
  }

  #sharedOf(plan: object): WeakMap<object, ExecutionResult> {
    const known = this.#shared.get(plan);
    if (known) return known;
    const made = new WeakMap<object, ExecutionResult>();
    this.#shared.set(plan, made);
    return made;
  }
}
