import { plainLine } from "../plain-line.ts";
import type { Journey } from "./journey.ts";
import { listMilestones } from "./milestone.ts";
import { openRisks } from "./risk.ts";
import type { StageNumber } from "./stage.ts";
import type { SystemRisk } from "./system-risk.ts";

export const FOCUS_KINDS = [
  "PENDING_GATE",
  "PENDING_ESCALATION",
  "FAILED_ARTIFACT",
  "RISK",
  "MILESTONE",
] as const;
export type FocusKind = (typeof FOCUS_KINDS)[number];

/** The one thing to look at next. */
export interface Focus {
  readonly kind: FocusKind;
  readonly stage: StageNumber;
  readonly message: string;
  /** The id of the gate, of the escalation, of the document or of the raised risk, or the milestone's key; null for a system risk. */
  readonly subject: string | null;
}

/**
 * What to look at next in a stage: its oldest pending gate, else the oldest question of an agent, else a document that could not be written, else its first
 * open risk, else a system risk, else its next milestone; null when there is nothing left. A parked project's gates wait; an archived one rests.
 *
 * @param systemRisks the project's undismissed system risks
 */
export function suggestFocus(
  journey: Pick<
    Journey,
    "status" | "archived" | "setups" | "pendingGates" | "pendingEscalation" | "failedArtifacts"
  >,
  stage: StageNumber,
  systemRisks: readonly SystemRisk[],
): Focus | null {
  if (journey.archived) return null;
  // A parked project decides nothing until it is unparked.
  const decidable = journey.status === "ACTIVE" ? journey.pendingGates : [];
  const gate = decidable
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
  if (milestone) {
    return {
      kind: "MILESTONE",
      stage,
      subject: milestone.key,
      message: `Reach the next milestone: ${plainLine(milestone.title)}.`,
    };
  }
  return null;
}
