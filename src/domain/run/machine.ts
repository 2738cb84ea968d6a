import type { GuardRejection } from "../errors.ts";
import { GUARD_RULES } from "../guard.ts";
import { RUN_STATES, type RunStatus, type State, WORKSTREAM_STATES, type WorkstreamStatus } from "./state.ts";

/** What moves a run. */
export const RUN_TRIGGERS = {
  START: "The first claim of one of its workstreams, or a person.",
  OUTCOME: "It ends by itself, as soon as nothing in it can go on.",
  ABANDON: "A person gives it up, or everything in it was given up.",
} as const;
export type RunTrigger = keyof typeof RUN_TRIGGERS;

/** What moves a workstream. */
export const WORKSTREAM_TRIGGERS = {
  DEPENDENCIES:
    "Follows from the workstreams that it depends on; a person's hold and its end move it too, and the answer to an escalation.",
  CLAIM: "An agent claims it, under a lease.",
  WORK: "The agent that holds the lease.",
  RELEASE: "The lease ends with the work unfinished: given back, taken back, or expired.",
  ESCALATION:
    "The lease ends with a question that a person has to answer: the agent asks, or the breaker opens.",
  END: "The agent that holds the lease, or a person; and when the whole run is abandoned.",
} as const;
export type WorkstreamTrigger = keyof typeof WORKSTREAM_TRIGGERS;

export interface Move<Status extends string, Trigger extends string> {
  readonly from: Status;
  readonly to: Status;
  readonly trigger: Trigger;
}

export interface Machine<Status extends string = string, Trigger extends string = string> {
  readonly states: readonly State<Status>[];
  /** Every move that exists: one that is not here is refused. */
  readonly transitions: readonly Move<Status, Trigger>[];
}

/** The run machine: the guard, the API's `runMachine`, the docs and the diagram are made from this table. */
export const RUN_MACHINE: Machine<RunStatus, RunTrigger> = {
  states: RUN_STATES,
  transitions: [
    { from: "PENDING", to: "RUNNING", trigger: "START" },
    { from: "PENDING", to: "FAILED", trigger: "OUTCOME" },
    { from: "PENDING", to: "ABANDONED", trigger: "ABANDON" },
    { from: "RUNNING", to: "COMPLETED", trigger: "OUTCOME" },
    { from: "RUNNING", to: "FAILED", trigger: "OUTCOME" },
    { from: "RUNNING", to: "PARTIAL", trigger: "OUTCOME" },
    { from: "RUNNING", to: "ABANDONED", trigger: "ABANDON" },
  ],
};

/** The workstream machine. (Rules: the pipeline's state layer; terminal states stay terminal.) */
export const WORKSTREAM_MACHINE: Machine<WorkstreamStatus, WorkstreamTrigger> = {
  states: WORKSTREAM_STATES,
  transitions: [
    { from: "PENDING", to: "READY", trigger: "DEPENDENCIES" },
    { from: "PENDING", to: "BLOCKED", trigger: "DEPENDENCIES" },
    { from: "READY", to: "BLOCKED", trigger: "DEPENDENCIES" },
    { from: "BLOCKED", to: "PENDING", trigger: "DEPENDENCIES" },
    { from: "BLOCKED", to: "READY", trigger: "DEPENDENCIES" },
    { from: "READY", to: "EDITING", trigger: "CLAIM" },
    { from: "EDITING", to: "STATIC_CHECK", trigger: "WORK" },
    { from: "STATIC_CHECK", to: "FIXING", trigger: "WORK" },
    { from: "FIXING", to: "STATIC_CHECK", trigger: "WORK" },
    { from: "FIXING", to: "RUNTIME_CHECK", trigger: "WORK" },
    { from: "RUNTIME_CHECK", to: "DONE", trigger: "WORK" },
    { from: "EDITING", to: "READY", trigger: "RELEASE" },
    { from: "STATIC_CHECK", to: "READY", trigger: "RELEASE" },
    { from: "FIXING", to: "READY", trigger: "RELEASE" },
    { from: "RUNTIME_CHECK", to: "READY", trigger: "RELEASE" },
    { from: "EDITING", to: "BLOCKED", trigger: "ESCALATION" },
    { from: "STATIC_CHECK", to: "BLOCKED", trigger: "ESCALATION" },
    { from: "FIXING", to: "BLOCKED", trigger: "ESCALATION" },
    { from: "RUNTIME_CHECK", to: "BLOCKED", trigger: "ESCALATION" },
    ...WORKSTREAM_STATES.filter(({ terminal }) => !terminal).flatMap(
      ({ name: from }) =>
        [
          { from, to: "FAILED", trigger: "END" },
          { from, to: "ABANDONED", trigger: "END" },
        ] as const,
    ),
  ],
};

/** The machines by what they are of. */
export const MACHINES = { run: RUN_MACHINE, workstream: WORKSTREAM_MACHINE } as const;
export type EntityType = keyof typeof MACHINES;

/** The states that a state can be left for, in the order of the table. */
export function allowedStates(entityType: EntityType, from: string): string[] {
  const machine: Machine = MACHINES[entityType];
  return machine.transitions.filter((move) => move.from === from).map(({ to }) => to);
}

/** What moves a workstream from one state to the other; undefined when there is no such move. */
export function findWorkstreamMove(
  from: WorkstreamStatus,
  to: WorkstreamStatus,
): Move<WorkstreamStatus, WorkstreamTrigger> | undefined {
  return WORKSTREAM_MACHINE.transitions.find((move) => move.from === from && move.to === to);
}

/**
 * Holds a move against its machine's table.
 *
 * @returns null when there is such a move, otherwise the rejection with the states that could be asked for
 *   instead: a service records it as an event and throws it as GuardRejectedError
 */
export function validateStateTransition(
  entityType: EntityType,
  from: string,
  to: string,
): GuardRejection | null {
  const machine: Machine = MACHINES[entityType];
  const allowed = allowedStates(entityType, from);
  if (allowed.includes(to)) return null;
  const terminal = machine.states.some((state) => state.name === from && state.terminal);
  const rule = terminal ? "TERMINAL_STATE" : "ILLEGAL_TRANSITION";
  return { rule, message: `${GUARD_RULES[rule]} From ${from} to ${to}.`, from, to, allowed };
}

/** A machine as a Mermaid state diagram. */
export function machineDiagram({ states, transitions }: Machine): string {
  const [first] = states;
  return [
    "stateDiagram-v2",
    ...states.map(({ name, title }) => `  state "${title}" as ${name}`),
    ...(first ? [`  [*] --> ${first.name}`] : []),
    ...transitions.map(({ from, to, trigger }) => `  ${from} --> ${to}: ${trigger.toLowerCase()}`),
    ...states.filter(({ terminal }) => terminal).map(({ name }) => `  ${name} --> [*]`),
  ].join("\n");
}
