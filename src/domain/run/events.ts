/** The types of the events that runs append, each with what it tells. */
export const RUN_EVENT_TYPES = {
  run_created: "A run was created, with its workstreams.",
  run_transition: "A run was started, ended by itself, or was abandoned.",
  run_event: "An agent told something about its work; detail holds its own type and payload.",
  workstream_created: "A workstream was added to a run; detail holds which one it replaces, if it does.",
  workstream_transition: "A workstream moved from one state to another; detail holds the cause.",
  hold_lifted:
    "A hold was lifted from a workstream that what it depends on blocks as well: it stays BLOCKED, by that.",
  workstream_claimed: "An agent claimed a workstream; detail holds its attempt and how long the lease is.",
  workstream_released: "A workstream's lease was given back or taken back with the work unfinished.",
  lease_expired: "A workstream's lease expired, and it became ready again.",
  step_started: "An agent began a step of a workstream.",
  step_completed: "A step succeeded, failed or was skipped, or its lease ended first.",
  error_recorded: "An agent recorded an error; detail holds its signature and how often it was seen.",
} as const;
