/** A stage by number: 0 is before the first, 5 is visible but locked. */
export type StageNumber = 0 | 1 | 2 | 3 | 4 | 5;

export interface Stage {
  readonly number: StageNumber;
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  /** A locked stage can be seen and not entered. */
  readonly locked: boolean;
}

/** The six stages in their order; the index is the stage's number. */
export const STAGES = [
  {
    number: 0,
    name: "PRE_STAGE",
    title: "Pre-stage",
    meaning: "An idea that has not been put down as a thesis. A project starts here and never comes back.",
    locked: false,
  },
  {
    number: 1,
    name: "THESIS_DEFINED",
    title: "Thesis defined",
    meaning: "What is built, for whom and why is written down. A pivot returns here.",
    locked: false,
  },
  {
    number: 2,
    name: "VALIDATED_DIRECTION",
    title: "Validated direction",
    meaning: "A direction is chosen, validated with users, and its scope narrowed.",
    locked: false,
  },
  {
    number: 3,
    name: "MVP_BUILT",
    title: "MVP built",
    meaning: "The smallest product that tests the thesis is built and can be tried.",
    locked: false,
  },
  {
    number: 4,
    name: "FEEDBACK_LOOP_ACTIVE",
    title: "Feedback loop active",
    meaning: "People use it; what they say is collected, planned and shipped.",
    locked: false,
  },
  {
    number: 5,
    name: "SCALE_AND_OPTIMIZE",
    title: "Scale and optimize",
    meaning: "Visible, so that everybody knows what comes next, and locked.",
    locked: true,
  },
] as const satisfies readonly Stage[];

export type StageName = (typeof STAGES)[number]["name"];

/** The stages that a project has a configuration for: all but the pre-stage. */
export const CONFIGURED_STAGES = [1, 2, 3, 4, 5] as const satisfies readonly StageNumber[];

/** The stage with that number. */
export function stageOf(number: StageNumber): (typeof STAGES)[StageNumber] {
  return STAGES[number];
}

/**
 * The number of the stage that a database column or an input holds.
 *
 * @param value 0–5, or null, which is the pre-stage too
 * @throws RangeError for anything else
 */
export function toStageNumber(value: number | null): StageNumber {
  const number = value ?? 0;
  if (!STAGES.some((stage) => stage.number === number)) throw new RangeError(`There is no stage ${value}`);
  return number as StageNumber;
}

export const PROJECT_STATUSES = ["ACTIVE", "PARKED"] as const;
/** Orthogonal to the stage: a parked project keeps its stage and makes no transition. */
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];
