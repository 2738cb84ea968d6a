/** The rules that can stand in the way of a command, each with what it says. */
export const GUARD_RULES = {
  ARCHIVED: "An archived project accepts no command.",
  PARKED: "A parked project makes no transition and opens or decides no gate: unpark it first.",
  STAGE_LOCKED: "Stage 5, scale and optimize, is visible but locked.",
  PRE_STAGE_REENTRY: "The pre-stage cannot be re-entered.",
  SAME_STAGE: "The project is in that stage already.",
  PROCEED_REQUIRED: "Going forward needs a PROCEED decision of a gate of the current stage.",
  ONE_STAGE_AT_A_TIME: "A project goes forward one stage at a time.",
  GATE_PENDING: "Another gate of the current stage is still pending.",
  BLOCKING_RISK: "A blocking risk of the current stage is not dismissed.",
  PIVOT_BEFORE_FIRST_STAGE: "A project in the pre-stage has no direction to pivot from.",
  GATE_MILESTONE: "The gate_proceed milestone follows the gates: only a PROCEED decision completes it.",
  TEMPLATE_MILESTONE: "A template milestone cannot be removed: give it the weight 0 instead.",
  ILLEGAL_TRANSITION: "The machine has no such move.",
  TERMINAL_STATE: "A terminal state is never left.",
  RUN_ENDED: "A run that has ended accepts no further work.",
  RUN_ENDS_BY_ITSELF:
    "A run is completed, failed or partial by itself, from its workstreams: it can only be started or abandoned.",
  LEASE_REQUIRED: "Work begins with a claim, and only the agent that holds the lease goes on with it.",
  DEPENDENCIES_DECIDE:
    "Whether a workstream waits, is ready or is blocked follows from those that it depends on; only a hold can be put on it and lifted.",
  ESCALATION_DECIDES:
    "Only a question of the agent stops work that is under way, and only its answer lets it go on: ask with raiseEscalation, answer with resolveEscalation.",
  STEP_IN_PROGRESS: "A workstream is done only when every step that was started is completed.",
  NOTHING_TO_REPLACE: "Only a workstream that failed or was abandoned can be replaced, once.",
  ADMIN_REQUIRED: "Only an administrator may do this.",
  NOT_PERMITTED: "One's role in the project, or the API key's scopes, do not allow this.",
  ONE_OWNER: "A project has exactly one owner, who stays until it is transferred to another member.",
  LIMIT_REACHED: "There are as many of these as there may be.",
} as const;

export type GuardRule = keyof typeof GUARD_RULES;

/** A rule that stands in the way, and what it says. */
export interface Blocker {
  readonly rule: GuardRule;
  readonly message: string;
}

export function blockerOf(rule: GuardRule): Blocker {
  return { rule, message: GUARD_RULES[rule] };
}
