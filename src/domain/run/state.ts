/** A state of a machine, with what it means to be in it. */
export interface State<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly meaning: string;
  /** A terminal state is never left. */
  readonly terminal: boolean;
}

/** The states of a run, in the order of its life. */
export const RUN_STATES = [
  {
    name: "PENDING",
    title: "Pending",
    meaning: "Planned: no agent has claimed any of its workstreams, and nobody has started it.",
    terminal: false,
  },
  {
    name: "RUNNING",
    title: "Running",
    meaning: "It has been started and something can go on.",
    terminal: false,
  },
  { name: "COMPLETED", title: "Completed", meaning: "Every workstream is done.", terminal: true },
  {
    name: "FAILED",
    title: "Failed",
    meaning: "Nothing can go on, no workstream is done, and at least one failed.",
    terminal: true,
  },
  {
    name: "PARTIAL",
    title: "Partial",
    meaning:
      "Nothing can go on: some workstreams are done, the others failed, were abandoned or are blocked.",
    terminal: true,
  },
  {
    name: "ABANDONED",
    title: "Abandoned",
    meaning: "It was given up: as a whole, or because every workstream that could have gone on was.",
    terminal: true,
  },
] as const satisfies readonly State[];
export type RunStatus = (typeof RUN_STATES)[number]["name"];

/** The states of a workstream, in the order of its life. */
export const WORKSTREAM_STATES = [
  {
    name: "PENDING",
    title: "Pending",
    meaning: "It waits for workstreams that it depends on.",
    terminal: false,
  },
  {
    name: "READY",
    title: "Ready",
    meaning: "Everything that it depends on is done: an agent can claim it.",
    terminal: false,
  },
  {
    name: "EDITING",
    title: "Editing",
    meaning: "An agent has claimed it and makes the change.",
    terminal: false,
  },
  {
    name: "STATIC_CHECK",
    title: "Static check",
    meaning: "The change is checked without being run: types, lint, format.",
    terminal: false,
  },
  {
    name: "FIXING",
    title: "Fixing",
    meaning: "What the static check found is put right; a clean check passes through with nothing to fix.",
    terminal: false,
  },
  { name: "RUNTIME_CHECK", title: "Runtime check", meaning: "The change is run: tests.", terminal: false },
  { name: "DONE", title: "Done", meaning: "The work is finished and holds.", terminal: true },
  { name: "FAILED", title: "Failed", meaning: "The work could not be finished.", terminal: true },
  {
    name: "BLOCKED",
    title: "Blocked",
    meaning:
      "It cannot go on: a workstream that it depends on failed, was abandoned or is itself blocked so, a person holds it, or an escalation has stopped it.",
    terminal: false,
  },
  { name: "ABANDONED", title: "Abandoned", meaning: "The work was given up.", terminal: true },
] as const satisfies readonly State[];
export type WorkstreamStatus = (typeof WORKSTREAM_STATES)[number]["name"];

/** The usual steps of the work in their order, each with the state in which it is done. Agents may name their steps otherwise. */
export const USUAL_STEPS = [
  { name: "edit", state: "EDITING" },
  { name: "static", state: "STATIC_CHECK" },
  { name: "fix", state: "FIXING" },
  { name: "runtime", state: "RUNTIME_CHECK" },
] as const satisfies readonly { readonly name: string; readonly state: WorkstreamStatus }[];

/** The states in which an agent works on a workstream: it is leased in these, and in no other. */
export const WORKING_STATES = [
  "EDITING",
  "STATIC_CHECK",
  "FIXING",
  "RUNTIME_CHECK",
] as const satisfies WorkstreamStatus[];

/** Why a workstream is BLOCKED: by what it depends on, because a person holds it, or because an escalation stopped it. */
export const BLOCK_REASONS = ["DEPENDENCY", "HOLD", "ESCALATION"] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

export function isWorking(status: WorkstreamStatus): boolean {
  return WORKING_STATES.some((working) => working === status);
}

export function isTerminalRun(status: RunStatus): boolean {
  return RUN_STATES.some((state) => state.name === status && state.terminal);
}

export function isTerminalWorkstream(status: WorkstreamStatus): boolean {
  return WORKSTREAM_STATES.some((state) => state.name === status && state.terminal);
}
