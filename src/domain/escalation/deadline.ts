import { assertNever } from "../assert-never.ts";
import type { ExpiryPolicy } from "./state.ts";

/** What a deadline does: a decision as a person would make it, a skip, or nothing but telling. */
export type DeadlineAnswer =
  | { readonly kind: "DECIDE"; readonly decision: string }
  | { readonly kind: "SKIP" }
  | { readonly kind: "TELL" };

/** What happens to an escalation whose deadline has passed. @throws when DEFAULT_OPTION has no option */
export function answerAtDeadline(policy: ExpiryPolicy, defaultOption: string | null): DeadlineAnswer {
  switch (policy) {
    case "WAIT":
      return { kind: "TELL" };
    case "RETRY":
      return { kind: "DECIDE", decision: "retry" };
    case "SKIP":
      return { kind: "SKIP" };
    case "ABORT":
      return { kind: "DECIDE", decision: "abort" };
    case "DEFAULT_OPTION":
      if (defaultOption === null) throw new Error("A default option is to be chosen, and there is none");
      return { kind: "DECIDE", decision: defaultOption };
    default:
      return assertNever(policy);
  }
}

/** When a question has to be answered that is asked now; null when it may wait for ever. */
export function dueAfter(now: Date, seconds: number | null): Date | null {
  return seconds === null ? null : new Date(now.getTime() + seconds * 1_000);
}
