import { type Milestones, titleOf } from "./milestone.ts";

/** The brief's milestones and weights. Stage 5 is locked and has none. */
const WEIGHTS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1: { brief_generated: 40, gate_proceed: 30, risks_identified: 30 },
  2: { direction_chosen: 25, validation_complete: 35, scope_narrowed: 20, gate_proceed: 20 },
  3: { build_started: 15, build_complete: 35, tests_passing: 20, preview_live: 30 },
  4: { feedback_collected: 30, iteration_planned: 25, iteration_shipped: 25, gate_proceed: 20 },
  5: {},
};

/**
 * The milestones that a stage starts with. Every call makes a new copy: changing one project's milestones
 * never changes the template.
 *
 * @throws RangeError for anything but the stages 1–5
 */
export function getStageTemplate(stage: number): Milestones {
  const weights = WEIGHTS[stage];
  if (!weights) throw new RangeError(`There is no template for stage ${stage}: only stages 1 to 5 have one`);
  return Object.fromEntries(
    Object.entries(weights).map(([key, weight], position) => [
      key,
      { title: titleOf(key), weight, completed: false, completedAt: null, template: true, position },
    ]),
  );
}
