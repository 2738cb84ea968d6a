import { z } from "zod";

/** The milestone that follows the stage's gates instead of being completed by hand. */
export const GATE_MILESTONE = "gate_proceed";
/** The milestone that the finished brief completes. */
export const BRIEF_MILESTONE = "brief_generated";
/** The milestone that the finished risk log completes, or the first raised risk. */
export const RISKS_MILESTONE = "risks_identified";

export const MILESTONE_KEY = /^[a-z][a-z0-9_]{0,49}$/;
export const MAX_WEIGHT = 1000;
export const MAX_MILESTONES = 50;

export const milestoneSchema = z.object({
  title: z.string(),
  /** 0–1000; what completing it adds, relative to the other milestones. */
  weight: z.number().int().min(0).max(MAX_WEIGHT),
  completed: z.boolean(),
  /** ISO 8601, or null while it is open. */
  completedAt: z.string().nullable(),
  /** True for the milestones that the stage's template brought. */
  template: z.boolean(),
  /** Its place in the list: jsonb does not keep the order of keys. */
  position: z.number().int(),
});
export const milestonesSchema = z.record(z.string(), milestoneSchema);

export type Milestone = z.infer<typeof milestoneSchema>;
/** A stage's milestones by key. */
export type Milestones = Readonly<Record<string, Milestone>>;

export function findMilestone(milestones: Milestones, key: string): Milestone | undefined {
  // `constructor` is a legal key and every object has one.
  return Object.hasOwn(milestones, key) ? milestones[key] : undefined;
}

/** The milestones in their order, each with its key. */
export function listMilestones(milestones: Milestones): ({ key: string } & Milestone)[] {
  return Object.entries(milestones)
    .map(([key, milestone]) => ({ key, ...milestone }))
    .sort((a, b) => a.position - b.position || (a.key < b.key ? -1 : 1));
}

export function completeMilestone(milestones: Milestones, key: string, at: Date): Milestones {
  return patchMilestone(milestones, key, { completed: true, completedAt: at.toISOString() });
}

export function reopenMilestone(milestones: Milestones, key: string): Milestones {
  return patchMilestone(milestones, key, { completed: false, completedAt: null });
}

/** The same milestones with none completed. */
export function resetMilestones(milestones: Milestones): Milestones {
  return Object.fromEntries(
    Object.entries(milestones).map(([key, milestone]) => [
      key,
      { ...milestone, completed: false, completedAt: null },
    ]),
  );
}

/** Adds a milestone at the end, or changes the title and weight of the one with that key. */
export function setMilestone(
  milestones: Milestones,
  key: string,
  change: { title?: string | undefined; weight: number },
): Milestones {
  const existing = findMilestone(milestones, key);
  if (existing) {
    return patchMilestone(milestones, key, {
      weight: change.weight,
      title: change.title ?? existing.title,
    });
  }
  const position = Math.max(-1, ...Object.values(milestones).map((milestone) => milestone.position)) + 1;
  const title = change.title ?? titleOf(key);
  return {
    ...milestones,
    [key]: { title, weight: change.weight, completed: false, completedAt: null, template: false, position },
  };
}

export function removeMilestone(milestones: Milestones, key: string): Milestones {
  return Object.fromEntries(Object.entries(milestones).filter(([existing]) => existing !== key));
}

/** "brief_generated" → "Brief generated". */
export function titleOf(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function patchMilestone(milestones: Milestones, key: string, patch: Partial<Milestone>): Milestones {
  const existing = findMilestone(milestones, key);
  if (!existing) throw new RangeError(`There is no milestone ${key}`);
  return { ...milestones, [key]: { ...existing, ...patch } };
}
