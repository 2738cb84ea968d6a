import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import type { StageSetup } from "../../domain/stage/journey.ts";
import {
  completeMilestone,
  findMilestone,
  listMilestones,
  type Milestones,
  resetMilestones,
} from "../../domain/stage/milestone.ts";
import { stageOf, toStageNumber } from "../../domain/stage/stage.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import { type LockedProject, refusedByGuard, staleVersion } from "../command/project.ts";
import type { ProjectRow } from "./project-row.ts";

/** A stage's configuration, as the row is and as the domain sees it. */
export interface LockedSetup {
  readonly row: ProjectRow["stageConfigs"][number];
  readonly setup: StageSetup;
}

/** The configuration of a stage 1–5, which every project has. */
export function setupOfStage({ row, journey }: LockedProject, stageNumber: number): LockedSetup {
  const config = row.stageConfigs.find((candidate) => candidate.stageNumber === stageNumber);
  const setup = journey.setups[stageNumber];
  if (!config || !setup) throw new Error(`Project ${row.id} has no configuration of stage ${stageNumber}`);
  return { row: config, setup };
}

/** What keeps a stage's configuration from being edited at all: the stage is locked, or the client's version is stale. */
export function refusedEdit(
  project: LockedProject,
  { row }: LockedSetup,
  expectedVersion: number | undefined,
  about: Pick<NewEvent, "subject" | "subjectId">,
): Refused | null {
  if (stageOf(toStageNumber(row.stageNumber)).locked) {
    return refusedByGuard(project, blockerOf("STAGE_LOCKED"), about);
  }
  const stale = staleVersion("The stage", expectedVersion, row.version);
  return stale && refusedByConflict(stale, about);
}

/** Writes a stage's configuration, compare-and-set on the version that was read under the lock. */
export async function saveSetup(
  { tx, now }: LockedProject,
  { row }: LockedSetup,
  change: Partial<StageSetup>,
): Promise<void> {
  const { count } = await tx.stageConfig.updateMany({
    where: { id: row.id, version: row.version },
    data: {
      ...(change.milestones && { milestones: change.milestones }),
      ...(change.exitCriteria && { exitCriteria: [...change.exitCriteria] }),
      ...(change.risks && { blockingRisks: [...change.risks] }),
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  if (count !== 1) throw new Error(`Stage configuration ${row.id} changed under its project's lock`);
}

/** The milestones after a change, and the events that tell of it. */
export interface MilestoneChange {
  readonly milestones: Milestones;
  readonly events: readonly NewEvent[];
}

/** Completes a milestone that something else brought about, if the stage has it and it is open. */
export function completedBySystem(target: LockedSetup, key: string, now: Date): MilestoneChange | null {
  const milestone = findMilestone(target.setup.milestones, key);
  if (!milestone || milestone.completed) return null;
  return {
    milestones: completeMilestone(target.setup.milestones, key, now),
    events: [milestoneEvent(target, "COMPLETED", { key })],
  };
}

/** Takes the completion of every milestone of a stage back; null when none is completed. */
export function resetOf(target: LockedSetup): MilestoneChange | null {
  const completed = listMilestones(target.setup.milestones).filter((milestone) => milestone.completed);
  if (completed.length === 0) return null;
  return {
    milestones: resetMilestones(target.setup.milestones),
    events: [milestoneEvent(target, "RESET", { keys: completed.map(({ key }) => key) })],
  };
}

/** An event about a stage's milestones; its subject is the stage's configuration. */
export function milestoneEvent(
  { row }: LockedSetup,
  change: "COMPLETED" | "REOPENED" | "SET" | "REMOVED" | "RESET",
  detail: { key?: string; keys?: string[]; title?: string; weight?: number },
): NewEvent {
  const stage = toStageNumber(row.stageNumber);
  return { subject: "MILESTONE", subjectId: row.id, type: "milestone", detail: { change, stage, ...detail } };
}
