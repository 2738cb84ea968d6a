import type { FOCUS_KINDS } from "../../domain/stage/focus.ts";
import type { GATE_STATUSES } from "../../domain/stage/journey.ts";
import type { TransitionKind } from "../../domain/stage/machine.ts";
import { type PROJECT_STATUSES, STAGES, type StageName, type StageNumber } from "../../domain/stage/stage.ts";
import type { SYSTEM_RISK_KINDS } from "../../domain/stage/system-risk.ts";
import type { DECISIONS } from "../../domain/stage/transition.ts";
import { builder } from "../builder.ts";

type Described<Name extends string> = Record<Name, { description: string }>;

export const StageEnum = builder.enumType("Stage", {
  description: "A stage of the journey, in order.",
  values: Object.fromEntries(
    STAGES.map(({ name, number, meaning }) => [name, { value: number, description: meaning }]),
  ) as Record<StageName, { value: StageNumber; description: string }>,
});

export const ProjectStatusEnum = builder.enumType("ProjectStatus", {
  description: "Whether a project moves. Orthogonal to its stage.",
  values: {
    ACTIVE: { description: "It can make transitions, unless it is archived: that is told by archivedAt." },
    PARKED: { description: "It keeps its stage and makes no transition until it is unparked." },
  } satisfies Described<(typeof PROJECT_STATUSES)[number]>,
});

export const GateStatusEnum = builder.enumType("GateStatus", {
  description: "Where a gate stands.",
  values: {
    PENDING: { description: "It waits for a decision." },
    DECIDED: { description: "It was decided, once and for all." },
    EXPIRED: { description: "The project moved to another stage or pivoted before it was decided." },
  } satisfies Described<(typeof GATE_STATUSES)[number]>,
});

export const DecisionEnum = builder.enumType("GateDecision", {
  description: "What a gate can be decided as.",
  values: {
    PROCEED: {
      description:
        "Go to the next stage. Refused while another gate of the stage is pending or a blocking risk of it is not dismissed. Makes earlier decisions of the stage void.",
    },
    NARROW: { description: "Stay, reset the stage's milestones, and make earlier decisions of it void." },
    PIVOT: {
      description:
        "Return to stage 1, reset the milestones of every stage after it, make all earlier decisions void, and let the other pending gates expire.",
    },
    PARK: { description: "Park the project in its stage." },
  } satisfies Described<(typeof DECISIONS)[number]>,
});

export const TransitionKindEnum = builder.enumType("StageTransitionKind", {
  description: "The direction of a transition.",
  values: {
    FORWARD: { description: "To the next stage; needs a PROCEED decision of a gate of the current stage." },
    BACKWARD: { description: "To an earlier stage; always open to an active project." },
  } satisfies Described<TransitionKind>,
});

export const SystemRiskKindEnum = builder.enumType("SystemRiskKind", {
  description: "The risks that follow from how a project is going.",
  values: {
    NO_GATE_DECISION: { description: "No gate has been decided for 7 days or more." },
    FAILED_RUNS: { description: "The last 3 runs or more failed." },
    INACTIVE: { description: "Nothing has happened for 14 days or more." },
    TOKEN_BUDGET: { description: "80 % or more of the day's token budget is used." },
  } satisfies Described<(typeof SYSTEM_RISK_KINDS)[number]>,
});

export const FocusKindEnum = builder.enumType("FocusKind", {
  description: "What kind of thing to look at next.",
  values: {
    PENDING_GATE: { description: "A gate waits for a decision." },
    PENDING_ESCALATION: { description: "An agent waits for an answer." },
    FAILED_ARTIFACT: { description: "A document could not be written." },
    RISK: { description: "A risk, raised or computed, is open." },
    MILESTONE: { description: "The next milestone." },
    OPEN_GATE: { description: "No gate is pending, and the stage needs a decision: open one." },
    TRANSITION: { description: "A PROCEED is in force: move on to the next stage." },
    UNPARK: { description: "The project is parked: unpark it." },
  } satisfies Described<(typeof FOCUS_KINDS)[number]>,
});
