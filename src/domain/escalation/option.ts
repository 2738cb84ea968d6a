/** An answer that a person can choose. */
export interface EscalationOption {
  /** What `resolveEscalation` is given as the decision. */
  readonly value: string;
  readonly label: string;
  readonly description: string;
}

/** What is offered unless an agent offers its own. These values mean the same wherever they are offered. */
export const DEFAULT_OPTIONS = [
  {
    value: "retry",
    label: "Try again",
    description: "An agent tries once more, as before. Choose it when the cause is gone.",
  },
  {
    value: "skip",
    label: "Leave it out",
    description: "This workstream is given up, and what depends on it is blocked. The rest goes on.",
  },
  {
    value: "provide_guidance",
    label: "Give guidance",
    description: "You write what the agent should do differently, and it tries again with that.",
  },
  {
    value: "abort",
    label: "Stop the run",
    description: "The whole run is given up. This cannot be undone.",
  },
] as const satisfies readonly EscalationOption[];

/** What an answer does to the workstream that asked. */
export type AnswerEffect = "GO_ON" | "GIVE_UP" | "ABORT_RUN";

/** What choosing an option does: an agent's own options let the work go on, with the decision. */
export function effectOf(decision: string): AnswerEffect {
  if (decision === "skip") return "GIVE_UP";
  return decision === "abort" ? "ABORT_RUN" : "GO_ON";
}

/** Whether an option is nothing without words. */
export function needsGuidance(decision: string): boolean {
  return decision === "provide_guidance";
}
