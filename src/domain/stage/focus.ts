import { plainLine } from "../plain-line.ts";
import { explainTransition } from "./advance.ts";
import type { Journey } from "./journey.ts";
import { GATE_MILESTONE, listMilestones } from "./milestone.ts";
import { openRisks } from "./risk.ts";
import { STAGES, type StageNumber } from "./stage.ts";
import type { SystemRisk } from "./system-risk.ts";

export const FOCUS_KINDS = [
  "PENDING_GATE",
  "PENDING_ESCALATION",
  "FAILED_ARTIFACT",
  "RISK",
  "MILESTONE",
  "OPEN_GATE",
  "TRANSITION",
  "UNPARK",
] as const;
export type FocusKind = (typeof FOCUS_KINDS)[number];

/** The one thing to look at next. */
export interface Focus {
  readonly kind: FocusKind;
  readonly stage: StageNumber;
  readonly message: string;
  /** The id of the gate, of the escalation, of the document or of the raised risk, or the milestone's key; null for anything else. */
  readonly subject: string | null;
}

/**
 * What to look at next in a stage: its oldest pending gate, else the oldest question of an agent, else a document that could
 * not be written, else its first open risk, else a system risk, else its next milestone. In the stage that the project is
 * in, a gate is opened where the next milestone is its decision or no milestone is left, and the project moves on where a
 * PROCEED is in force already. The gates of a parked project wait: it is unparked when nothing else is left.
 *
 * @param systemRisks the project's undismissed system risks
 * @returns null for an archived project, for a stage with nothing left that the project is not in, and once the last open
 *   stage is complete
 */
export function suggestFocus(
  journey: Journey,
  stage: StageNumber,
  systemRisks: readonly SystemRisk[],
): Focus | null {
  if (journey.archived) return null;
  const isCurrent = journey.stage === stage;
  // A parked project decides nothing until it is unparked.
  const gate = (journey.status === "ACTIVE" ? journey.pendingGates : [])
    .filter((pending) => pending.stage === stage)
    .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime() || (a.id < b.id ? -1 : 1))[0];
  if (gate) {
    return {
      kind: "PENDING_GATE",
      stage,
      subject: gate.id,
      message: `Decide the pending ${plainLine(gate.gateType)} gate.`,
    };
  }
  const asked = journey.pendingEscalation;
  if (asked) {
    const message = `Answer the agent's question: ${plainLine(asked.problem)}`;
    return { kind: "PENDING_ESCALATION", stage, subject: asked.id, message };
  }
  const failed = journey.failedArtifacts[0];
  if (failed) {
    const message = `The document “${failed.title}” could not be written: have it written again.`;
    return { kind: "FAILED_ARTIFACT", stage, subject: failed.id, message };
  }
  const setup = journey.setups[stage];
  const risk = openRisks(setup?.risks ?? [])[0];
  if (risk) {
    const message = `Deal with a risk: ${plainLine(risk.message)}`;
    return { kind: "RISK", stage, subject: risk.id, message };
  }
  const systemRisk = systemRisks[0];
  if (systemRisk) return { kind: "RISK", stage, subject: null, message: systemRisk.message };
  const milestone = listMilestones(setup?.milestones ?? {}).find(({ completed }) => !completed);
  if (milestone && !(isCurrent && milestone.key === GATE_MILESTONE)) {
    return {
      kind: "MILESTONE",
      stage,
      subject: milestone.key,
      message: `Reach the next milestone: ${plainLine(milestone.title)}.`,
    };
  }
  return isCurrent ? wayOn(journey, stage, milestone !== undefined) : null;
}

/** How a stage is left in which everything else is done: by a decision that is in force, or by one that is to be made. */
function wayOn(journey: Journey, stage: StageNumber, gateIsMilestone: boolean): Focus | null {
  const focus = { stage, subject: null } as const;
  if (journey.status === "PARKED") return { ...focus, kind: "UNPARK", message: "Unpark the project." };
  const next = STAGES.find(({ number, locked }) => number === stage + 1 && !locked);
  if (!next && !gateIsMilestone) return null;
  if (next && explainTransition(journey, next.number).length === 0) {
    return { ...focus, kind: "TRANSITION", message: `Move on to the stage “${next.title}”.` };
  }
  const proceed = next ? `leads on to “${next.title}”` : "completes the stage";
  return { ...focus, kind: "OPEN_GATE", message: `Open a gate: its decision PROCEED ${proceed}.` };
}
