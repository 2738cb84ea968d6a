/** The types of the events that the journey appends, each with what it tells. */
export const JOURNEY_EVENT_TYPES = {
  project_created: "A project was created, in the pre-stage.",
  project_updated: "Its name or description changed.",
  project_archived: "It was archived.",
  transition: "It moved from one stage to another.",
  transition_rejected: "A move or a gate decision was refused; detail holds the rule.",
  command_rejected: "Another command was refused; detail holds the rule.",
  park: "It was parked.",
  unpark: "It was unparked.",
  gate_opened: "A gate was opened.",
  gate_decision: "A gate was decided.",
  gate_expired: "A pending gate expired because the project moved to another stage or pivoted.",
  milestone: "A milestone was completed, reopened, set, removed or reset; detail holds which.",
  exit_criteria: "A stage's exit criteria changed.",
  risk_change: "A risk was raised or dismissed.",
} as const;
