import type { Journey, PendingGate, StageSetup } from "../../src/domain/stage/journey.ts";
import type { Milestone, Milestones } from "../../src/domain/stage/milestone.ts";
import type { Risk } from "../../src/domain/stage/risk.ts";
import type { StageNumber } from "../../src/domain/stage/stage.ts";

/** The stages that a project can be in: 5 is locked. */
export const REACHABLE_STAGES = [0, 1, 2, 3, 4] as const;
export const ALL_STAGES = [0, 1, 2, 3, 4, 5] as const;

/** Every way of choosing one value of each dimension. */
export function everyCombination<const T extends Record<string, readonly unknown[]>>(
  dimensions: T,
): { [K in keyof T]: T[K][number] }[] {
  const combinations = Object.entries(dimensions).reduce<Record<string, unknown>[]>(
    (sofar, [name, values]) => sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return combinations as { [K in keyof T]: T[K][number] }[];
}

export function milestone(changes: Partial<Milestone> = {}): Milestone {
  return {
    title: "A milestone",
    weight: 10,
    completed: false,
    completedAt: null,
    template: true,
    position: 0,
    ...changes,
  };
}

/** Milestones m0, m1 … from pairs of a weight and whether it is completed. */
export function milestonesFrom(
  pairs: readonly (readonly [weight: number, completed: boolean])[],
): Milestones {
  return Object.fromEntries(
    pairs.map(([weight, completed], position) => {
      const completedAt = completed ? "2026-01-01T00:00:00.000Z" : null;
      return [`m${position}`, milestone({ weight, completed, completedAt, position })];
    }),
  );
}

/** Milestones m0, m1 … from their weights, with a plus after those that are completed: "40+ 30 30". */
export function milestonesOf(weights: string): Milestones {
  const words = weights.split(" ").filter((word) => word !== "");
  return milestonesFrom(words.map((word) => [Number.parseInt(word, 10), word.endsWith("+")]));
}

export function risk(changes: Partial<Risk> = {}): Risk {
  return {
    id: "risk-1",
    type: "market",
    message: "Nobody may want it.",
    blocking: true,
    dismissed: false,
    raisedAt: "2026-01-01T00:00:00.000Z",
    dismissedAt: null,
    ...changes,
  };
}

export function pendingGate(stage: StageNumber, changes: Partial<PendingGate> = {}): PendingGate {
  return {
    id: "gate-1",
    stage,
    gateType: "stage_advance",
    openedAt: new Date("2026-01-01T00:00:00Z"),
    ...changes,
  };
}

export function setup(changes: Partial<StageSetup> = {}): StageSetup {
  return { milestones: {}, exitCriteria: [], risks: [], ...changes };
}

/** An active project in a stage, with five empty setups unless others are given by number. */
export function journey(
  stage: StageNumber,
  { setups = {}, ...changes }: Partial<Omit<Journey, "stage">> = {},
): Journey {
  return {
    stage,
    status: "ACTIVE",
    archived: false,
    setups: { 1: setup(), 2: setup(), 3: setup(), 4: setup(), 5: setup(), ...setups },
    pendingGates: [],
    pendingEscalation: null,
    decisions: [],
    failedArtifacts: [],
    ...changes,
  };
}
