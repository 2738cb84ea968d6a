import { assertNever } from "../assert-never.ts";
import { type Blocker, blockerOf } from "../guard.ts";
import { canAdvanceStage } from "./advance.ts";
import type { Journey, PendingGate } from "./journey.ts";
import {
  CONFIGURED_STAGES,
  type ProjectStatus,
  STAGES,
  type StageNumber,
  stageOf,
  toStageNumber,
} from "./stage.ts";
import { DECISIONS, type Decision, validateTransition } from "./transition.ts";

/** What a decision does to the project: the caller writes exactly this, in one transaction. */
export interface GateOutcome {
  readonly stage: StageNumber;
  readonly status: ProjectStatus;
  /** The stage whose `gate_proceed` milestone is completed, or null. */
  readonly completesGateOf: StageNumber | null;
  /** The stages whose milestones start again from nothing. */
  readonly resets: readonly StageNumber[];
  /** The stages whose earlier decisions become void: they no longer let the project go forward. */
  readonly voids: readonly StageNumber[];
  /** True when the other pending gates expire. */
  readonly expiresOthers: boolean;
}

export type GateResolution =
  | { readonly allowed: true; readonly outcome: GateOutcome }
  | { readonly allowed: false; readonly blockers: readonly [Blocker, ...Blocker[]]; readonly target: string };

const PIVOT_TARGET: StageNumber = 1;

/**
 * What deciding a pending gate would do, or what stands in the way, in the order of the rules. (Rules: DESIGN §1.)
 *
 * PROCEED goes to the stage after the gate's, under the transition guard and `canAdvanceStage`; NARROW stays
 * and resets the stage's milestones; both void earlier decisions of the stage, since the last one counts. PIVOT
 * returns to stage 1, resets the milestones of every stage after it, voids all earlier decisions and expires
 * the other gates. PARK parks and keeps the stage.
 */
export function resolveGate(journey: Journey, gate: PendingGate, decision: Decision): GateResolution {
  const stays: GateOutcome = {
    stage: journey.stage,
    status: journey.status,
    completesGateOf: null,
    resets: [],
    voids: [],
    expiresOthers: false,
  };
  const paused = [
    ...(journey.archived ? [blockerOf("ARCHIVED")] : []),
    ...(journey.status === "PARKED" ? [blockerOf("PARKED")] : []),
  ];
  switch (decision) {
    case "PROCEED": {
      const target = toStageNumber(gate.stage + 1);
      const blockers = [
        ...(journey.archived ? [blockerOf("ARCHIVED")] : []),
        ...validateTransition(journey.stage, target, journey.status, [
          ...journey.decisions,
          { stage: gate.stage, decision },
        ]),
        ...canAdvanceStage(journey, gate.id),
      ];
      return conclude(blockers, stageOf(target).name, {
        ...stays,
        stage: target,
        completesGateOf: gate.stage === 0 ? null : gate.stage,
        voids: [gate.stage],
      });
    }
    case "NARROW":
      return conclude(paused, stageOf(journey.stage).name, {
        ...stays,
        resets: gate.stage === 0 ? [] : [gate.stage],
        voids: [gate.stage],
      });
    case "PIVOT": {
      const blockers = [...paused, ...(journey.stage === 0 ? [blockerOf("PIVOT_BEFORE_FIRST_STAGE")] : [])];
      return conclude(blockers, stageOf(PIVOT_TARGET).name, {
        ...stays,
        stage: PIVOT_TARGET,
        resets: CONFIGURED_STAGES.filter((stage) => stage > PIVOT_TARGET),
        voids: STAGES.map((stage) => stage.number),
        expiresOthers: true,
      });
    }
    case "PARK":
      return conclude(paused, "PARKED", { ...stays, status: "PARKED" });
    default:
      return assertNever(decision);
  }
}

/** The decisions that could be made on that gate now. */
export function allowedDecisions(journey: Journey, gate: PendingGate): Decision[] {
  return DECISIONS.filter((decision) => resolveGate(journey, gate, decision).allowed);
}

function conclude(blockers: readonly Blocker[], target: string, outcome: GateOutcome): GateResolution {
  const [first, ...others] = blockers;
  return first ? { allowed: false, blockers: [first, ...others], target } : { allowed: true, outcome };
}
