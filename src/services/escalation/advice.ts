import type { CommandResult } from "../command/command.ts";

/** What an agent is to do after a failure: try again, as which attempt, or wait for the answer to an escalation. */
export type Advice =
  | { readonly next: "RETRY"; readonly attempt: number }
  | { readonly next: "WAIT"; readonly escalationId: string };

/** Advice as the part of a command's result, which an idempotency key remembers. */
export function encodeAdvice(advice: Advice): string {
  return advice.next === "RETRY" ? `RETRY ${advice.attempt}` : `WAIT ${advice.escalationId}`;
}

/** The advice in the result of `recordError`. */
export function adviceOf({ part }: CommandResult): Advice {
  const [next, value = ""] = (part ?? "").split(" ");
  return next === "WAIT" ? { next, escalationId: value } : { next: "RETRY", attempt: Number(value) };
}
