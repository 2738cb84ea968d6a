/** The types of the events about discussions, each with what it tells. */
export const DISCUSSION_EVENT_TYPES = {
  discussion_started: "A discussion between models began; detail holds which models.",
  round_started: "A round of a discussion began.",
  message_posted: "A person said something in a discussion; detail holds which models were asked by name.",
  message_answered: "A model said something in a discussion; detail holds which model and message.",
  message_failed: "A model did not say what it was asked for; detail holds why.",
  round_completed:
    "A round of a discussion ended; detail holds the scores where the models ranked each other.",
  round_failed: "A round of a discussion failed: no model answered.",
  summary_started: "A model began to summarise what the models of a discussion agree on.",
  consensus_reached:
    "A consensus was stored with its score; detail says whether it ends the discussion early.",
  consensus_failed: "A summary came to nothing; detail holds why. The rounds are as they were.",
  discussion_completed: "A discussion was completed: it accepts no further command.",
} as const;
