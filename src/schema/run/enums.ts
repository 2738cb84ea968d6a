import type { STEP_OUTCOMES, StepStatus } from "../../domain/run/inputs.ts";
import {
  RUN_TRIGGERS,
  type RunTrigger,
  WORKSTREAM_TRIGGERS,
  type WorkstreamTrigger,
} from "../../domain/run/machine.ts";
import {
  type BlockReason,
  RUN_STATES,
  type RunStatus,
  type State,
  WORKSTREAM_STATES,
  type WorkstreamStatus,
} from "../../domain/run/state.ts";
import { builder } from "../builder.ts";
import { described } from "../described.ts";

type Described<Name extends string> = Record<Name, { description: string }>;

export const RunStatusEnum = builder.enumType("RunStatus", {
  description: "Where a run stands.",
  values: describedStates<RunStatus>(RUN_STATES),
});

export const WorkstreamStatusEnum = builder.enumType("WorkstreamStatus", {
  description: "Where a workstream stands.",
  values: describedStates<WorkstreamStatus>(WORKSTREAM_STATES),
});

export const BlockReasonEnum = builder.enumType("BlockReason", {
  description: "Why a workstream is BLOCKED.",
  values: {
    DEPENDENCY: {
      description: "A workstream that it depends on failed, was abandoned, or is blocked so itself.",
    },
    HOLD: { description: "A person holds it until a person lifts the hold." },
    ESCALATION: { description: "An escalation has stopped it until it is answered." },
  } satisfies Described<BlockReason>,
});

const OUTCOMES = {
  SUCCESS: { description: "It did what it was to do." },
  FAILURE: { description: "It did not, or its lease ended first." },
  SKIPPED: { description: "There was nothing to do." },
} satisfies Described<(typeof STEP_OUTCOMES)[number]>;

export const StepStatusEnum = builder.enumType("StepStatus", {
  description: "Where an attempt at a step stands.",
  values: {
    IN_PROGRESS: { description: "An agent works at it." },
    ...OUTCOMES,
  } satisfies Described<StepStatus>,
});

export const StepOutcomeEnum = builder.enumType("StepOutcome", {
  description: "How an agent can complete a step.",
  values: OUTCOMES,
});

export const RunTriggerEnum = builder.enumType("RunTrigger", {
  description: "What moves a run.",
  values: described<RunTrigger>(RUN_TRIGGERS),
});

export const WorkstreamTriggerEnum = builder.enumType("WorkstreamTrigger", {
  description: "What moves a workstream.",
  values: described<WorkstreamTrigger>(WORKSTREAM_TRIGGERS),
});

function describedStates<Name extends string>(states: readonly State<Name>[]): Described<Name> {
  return Object.fromEntries(
    states.map(({ name, meaning }) => [name, { description: meaning }]),
  ) as Described<Name>;
}
