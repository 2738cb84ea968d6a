import { validateStateTransition } from "../../domain/run/machine.ts";

/** What follows by a rule is in the table as well: anything else is a fault of the rule. @throws when it is not */
export function mustBeMove(entity: "run" | "workstream", from: string, to: string): void {
  const illegal = validateStateTransition(entity, from, to);
  if (illegal)
    throw new Error(`The rules asked for a ${entity}'s move that does not exist: ${from} to ${to}`);
}
