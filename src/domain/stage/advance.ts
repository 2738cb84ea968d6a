import { type Blocker, blockerOf } from "../guard.ts";
import type { Journey } from "./journey.ts";
import { STAGES, type StageNumber, stageOf } from "./stage.ts";
import { validateTransition } from "./transition.ts";

/**
 * What keeps the current stage from being left forward: another pending gate, or an undismissed blocking
 * risk. Empty when the stage can be left.
 *
 * @param decidedGateId the gate whose decision is asking, which does not stand in its own way
 */
export function canAdvanceStage(
  journey: Pick<Journey, "stage" | "setups" | "pendingGates">,
  decidedGateId?: string,
): Blocker[] {
  const pending = journey.pendingGates.some(
    (gate) => gate.stage === journey.stage && gate.id !== decidedGateId,
  );
  const risks = journey.setups[journey.stage]?.risks ?? [];
  const blocking = risks.some((risk) => risk.blocking && !risk.dismissed);
  return [...(pending ? [blockerOf("GATE_PENDING")] : []), ...(blocking ? [blockerOf("BLOCKING_RISK")] : [])];
}

/**
 * Everything that stands in the way of `transitionStage` to that stage, in the order in which the rules are
 * applied; empty when the move is open. The mutation refuses with the first of these.
 */
export function explainTransition(journey: Journey, to: StageNumber): Blocker[] {
  return [
    ...(journey.archived ? [blockerOf("ARCHIVED")] : []),
    ...validateTransition(journey.stage, to, journey.status, journey.decisions),
    ...(to > journey.stage ? canAdvanceStage(journey) : []),
  ];
}

/** The names of the stages that `transitionStage` would reach now. */
export function allowedStages(journey: Journey): string[] {
  return STAGES.filter(({ number }) => explainTransition(journey, number).length === 0).map(
    ({ number }) => stageOf(number).name,
  );
}
