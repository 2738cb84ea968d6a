/** The types of the events that escalations append, each with what it tells. */
export const ESCALATION_EVENT_TYPES = {
  "agent.retrying":
    "An agent's failure is not the third of its kind: it is to try again; detail holds which attempt of how many comes next.",
  "agent.build_paused":
    "A run hands out no more work, because a question of its breaker waits for an answer.",
  "agent.build_resumed": "A paused run hands out work again.",
  "agent.waiting_for_input":
    "An escalation was opened: an agent is stopped until it is answered; detail holds the question's options.",
  "agent.escalation_joined":
    "Another workstream met the failure of an open escalation, and is stopped by it too.",
  "agent.escalation_resolved":
    "An escalation was answered, skipped or became void; detail holds the decision and what closed it.",
  "agent.escalation_expired":
    "The deadline of an escalation passed; detail holds the policy that is applied to it.",
} as const;
