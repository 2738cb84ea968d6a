import { type Blocker, blockerOf, type GuardRule } from "../guard.ts";
import { findTransition } from "./machine.ts";
import { type ProjectStatus, type StageNumber, stageOf } from "./stage.ts";

/** A gate's decision that is in force: a later PROCEED or NARROW of the same stage, or any later PIVOT, makes it void. */
export interface DecisionInForce {
  /** The stage of the gate. */
  readonly stage: StageNumber;
  readonly decision: Decision;
}

export const DECISIONS = ["PROCEED", "NARROW", "PIVOT", "PARK"] as const;
export type Decision = (typeof DECISIONS)[number];

interface Move {
  readonly current: StageNumber;
  readonly target: StageNumber;
  readonly status: ProjectStatus;
  readonly decisions: readonly DecisionInForce[];
}

/** The table says which moves exist; of one that does not, the rules say why. */
const isMissing = (move: Move) => !findTransition(move.current, move.target);
const isForward = (move: Move) => move.target > move.current;
const hasProceed = (move: Move) =>
  move.decisions.some(({ stage, decision }) => stage === move.current && decision === "PROCEED");

/** The transition guard, in order: the first rule that fails is the one that is reported. */
const TRANSITION_RULES: readonly (readonly [GuardRule, (move: Move) => boolean])[] = [
  ["PARKED", (move) => move.status === "PARKED"],
  ["STAGE_LOCKED", (move) => isMissing(move) && stageOf(move.target).locked],
  ["PRE_STAGE_REENTRY", (move) => isMissing(move) && move.target === 0],
  ["SAME_STAGE", (move) => isMissing(move) && move.target === move.current],
  ["PROCEED_REQUIRED", (move) => isForward(move) && !hasProceed(move)],
  ["ONE_STAGE_AT_A_TIME", (move) => isMissing(move) && move.target > move.current + 1],
];

/**
 * What stands in the way of moving a project from one stage to another: nothing, or the rules that fail in
 * the guard's order. The first one is the reason of the refusal.
 *
 * @param decisions the decisions of the project's gates that are in force
 */
export function validateTransition(
  current: StageNumber,
  target: StageNumber,
  status: ProjectStatus,
  decisions: readonly DecisionInForce[],
): Blocker[] {
  const move = { current, target, status, decisions };
  return TRANSITION_RULES.filter(([, fails]) => fails(move)).map(([rule]) => blockerOf(rule));
}
