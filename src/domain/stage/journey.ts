import type { Milestones } from "./milestone.ts";
import type { Risk } from "./risk.ts";
import type { ProjectStatus, StageNumber } from "./stage.ts";
import type { DecisionInForce } from "./transition.ts";

export const GATE_STATUSES = ["PENDING", "DECIDED", "EXPIRED"] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

/** How many gates of a project may be pending at once. */
export const MAX_PENDING_GATES = 20;

export interface PendingGate {
  readonly id: string;
  readonly stage: StageNumber;
  readonly gateType: string;
  readonly openedAt: Date;
}

/** What one project has set up for one stage. */
export interface StageSetup {
  readonly milestones: Milestones;
  readonly exitCriteria: readonly string[];
  readonly risks: readonly Risk[];
}

/** A document that could not be written. */
export interface FailedArtifact {
  readonly id: string;
  readonly title: string;
}

/** A question of an agent that waits for an answer. */
export interface PendingEscalation {
  readonly id: string;
  /** In plain words. */
  readonly problem: string;
}

/** Everything about a project that the rules of the journey look at. */
export interface Journey {
  readonly stage: StageNumber;
  readonly status: ProjectStatus;
  readonly archived: boolean;
  /** Stages 1–5, by number. */
  readonly setups: Readonly<Record<number, StageSetup>>;
  readonly pendingGates: readonly PendingGate[];
  /** The oldest one. */
  readonly pendingEscalation: PendingEscalation | null;
  /** The decisions in force. */
  readonly decisions: readonly DecisionInForce[];
  /** In the order in which they are written. */
  readonly failedArtifacts: readonly FailedArtifact[];
}
