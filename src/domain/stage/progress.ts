import type { Milestones } from "./milestone.ts";

/** What a stage weighs in the project's progress: the sum of its milestones' weights. */
export function totalWeight(milestones: Milestones): number {
  return Object.values(milestones).reduce((sum, { weight }) => sum + weight, 0);
}

/** floor(100 × completed weight / total weight), in percent; 0 when the stage weighs nothing. */
export function computeStageProgress(milestones: Milestones): number {
  const total = totalWeight(milestones);
  if (total === 0) return 0;
  const completed = Object.values(milestones).reduce(
    (sum, milestone) => sum + (milestone.completed ? milestone.weight : 0),
    0,
  );
  return Math.floor((100 * completed) / total);
}

/** The floor of the average of the stages' progress, weighted by their total weights, in percent. */
export function computeGlobalProgress(stages: readonly Milestones[]): number {
  const total = stages.reduce((sum, milestones) => sum + totalWeight(milestones), 0);
  if (total === 0) return 0;
  const weighted = stages.reduce(
    (sum, milestones) => sum + computeStageProgress(milestones) * totalWeight(milestones),
    0,
  );
  return Math.floor(weighted / total);
}
