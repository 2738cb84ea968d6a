/** Where an escalation stands. It leaves PENDING once. */
export const ESCALATION_STATUSES = {
  PENDING: "It waits for an answer.",
  RESOLVED: "One of its options was chosen.",
  SKIPPED: "It was put aside, and what asked was given up; or it became void.",
} as const;
export type EscalationStatus = keyof typeof ESCALATION_STATUSES;

/** Why there is an escalation. */
export const ESCALATION_ORIGINS = {
  BREAKER: "The same failure came again and again. The run hands out no work until it is answered.",
  AGENT: "An agent asked, without a failure. Only its own workstream stops.",
} as const;
export type EscalationOrigin = keyof typeof ESCALATION_ORIGINS;

/** What closed an escalation. */
export const RESOLUTIONS = {
  ANSWER: "A person answered it.",
  DEADLINE: "Its deadline passed, and its policy answered it.",
  RUN_ENDED: "Its run ended otherwise: there was nothing left to answer.",
  WORKSTREAM_ENDED: "Every workstream that it had stopped was given up otherwise.",
} as const;
export type Resolution = keyof typeof RESOLUTIONS;

/** What happens when an escalation is not answered in time. */
export const EXPIRY_POLICIES = {
  WAIT: "It goes on waiting; that its time is over is told once.",
  RETRY: "As if `retry` had been chosen.",
  SKIP: "As if a person had skipped it.",
  ABORT: "As if `abort` had been chosen: the run is abandoned.",
  DEFAULT_OPTION: "As if its default option had been chosen.",
} as const;
export type ExpiryPolicy = keyof typeof EXPIRY_POLICIES;

/** The policies that questions of a breaker can have: they all offer the same options. */
export const BREAKER_POLICIES = ["WAIT", "RETRY", "SKIP", "ABORT"] as const satisfies ExpiryPolicy[];
export type BreakerPolicy = (typeof BREAKER_POLICIES)[number];

/** How a workstream stands that an escalation has stopped. */
export const STOPPED_STATES = {
  STOPPED: "It waits: for the answer, then for the one that tries first.",
  TRYING: "After the answer it tries first.",
  CLEARED: "It goes on.",
  LEFT: "It ended, or another escalation stopped it.",
} as const;
export type StoppedState = keyof typeof STOPPED_STATES;
