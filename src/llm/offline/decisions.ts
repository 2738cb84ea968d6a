import type { Decision } from "../../domain/stage/transition.ts";
import type { Facts } from "./facts/facts.ts";
import { flow, quoted } from "./text.ts";

const MAX_REASON = 240;

/** What was decided that way, oldest first, each as the words for it: at which stage, and why where somebody wrote it down. */
export function decided(facts: Facts, decision: Decision): string[] {
  return facts.decisions
    .filter((one) => one.decision === decision)
    .map(({ stage, reason }) =>
      reason
        ? `at “${stage}”, because: ${quoted(reason, MAX_REASON)}`
        : `at “${stage}”, and did not write down why.`,
    );
}

/** A sentence on the last decision of that kind; empty without any. */
export function lastDecided(facts: Facts, decision: Decision, words: string): string {
  const last = decided(facts, decision).at(-1);
  return last === undefined ? "" : flow(words, last);
}
