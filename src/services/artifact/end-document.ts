import type { StoredContent } from "../../domain/artifact/content.ts";
import type { GenerationFailure } from "../../domain/artifact/generation.ts";
import { GENERATION_FAILURES } from "../../domain/artifact/generation.ts";
import { generated } from "../../domain/artifact/revision.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { BRIEF_MILESTONE, type Milestones, RISKS_MILESTONE } from "../../domain/stage/milestone.ts";
import type { Artifact } from "../../generated/prisma/client.ts";
import { abandonReservations } from "../account/meter.ts";
import type { Caller } from "../command/command.ts";
import { type Accepted, type LockedProject, runProjectCommand } from "../command/project.ts";
import { SupersededError } from "../model/superseded.ts";
import type { Services } from "../services.ts";
import { completedBySystem, saveSetup, setupOfStage } from "../stage/setup.ts";
import { toColumns, toRevisions } from "./artifact.ts";
import type { DocumentTask } from "./begin-document.ts";

/** What a finished document completes, on every stage that has it. */
const MILESTONES: Readonly<Partial<Record<ArtifactType, string>>> = {
  BRIEF: BRIEF_MILESTONE,
  RISK_LOG: RISKS_MILESTONE,
};

/** The failures that are not the model's. */
const OURS = new Set<GenerationFailure>(["QUOTA_EXCEEDED", "ARCHIVED", "INTERNAL"]);

type Task = Omit<DocumentTask, "context" | "sources">;

/** Stores what a model wrote, with the milestones that it completes. @throws SupersededError */
export async function finishDocument(
  services: Services,
  task: DocumentTask,
  { content, model }: { readonly content: StoredContent; readonly model: string },
): Promise<void> {
  await endDocument(services, task, "finishDocument", async (project, row) => {
    const { tx, now } = project;
    const { current, previous } = generated(toRevisions(row), {
      content,
      model,
      sources: task.sources,
      generatedAt: now,
    });
    await tx.artifact.update({
      where: { id: row.id },
      data: { ...toColumns(current, previous), generationStatus: "IDLE", updatedAt: now },
    });
    const milestones = await completeMilestones(project, task.type);
    const written: NewEvent = {
      ...aboutArtifact(task),
      type: "artifact_generated",
      fromState: "GENERATING",
      toState: "IDLE",
      detail: { type: task.type, version: current.version, model, attempt: task.attempt },
    };
    const isLast = (await countDue(project, task)) === 0;
    await tx.artifactGeneration.update({
      where: { id: task.generationId },
      data: { completed: { increment: 1 }, ...(isLast && { status: "COMPLETED", endedAt: now }) },
    });
    const ended: NewEvent = {
      subject: "ARTIFACT",
      subjectId: task.generationId,
      type: "generation_ended",
      fromState: "RUNNING",
      toState: "COMPLETED",
      actor: "SYSTEM",
    };
    return {
      id: row.id,
      milestones: milestones.byStage,
      events: [written, ...milestones.events, ...(isLast ? [ended] : [])],
    };
  });
}

/**
 * Ends a generation whose document could not be written: that one failed with its reason, those after it were not reached,
 * and what any of them said before is untouched.
 *
 * @throws SupersededError
 */
export async function endGeneration(
  services: Services,
  task: Task,
  { failure, message }: { readonly failure: GenerationFailure; readonly message: string },
): Promise<void> {
  await endDocument(services, task, "failDocument", async ({ tx, row: project, now }, row) => {
    await tx.artifact.update({
      where: { id: row.id },
      data: {
        generationStatus: "FAILED",
        failureReason: failure,
        failureMessage: message,
        updatedAt: now,
      },
    });
    await abandonReservations(tx, row.id, now);
    const rest = {
      projectId: project.id,
      generationId: task.generationId,
      generationStatus: "GENERATING",
    };
    const notReached = await tx.artifact.findMany({ where: rest, select: { type: true } });
    await tx.artifact.updateMany({
      where: rest,
      data: {
        generationStatus: "FAILED",
        failureReason: "NOT_REACHED" satisfies GenerationFailure,
        failureMessage: GENERATION_FAILURES.NOT_REACHED,
        updatedAt: now,
      },
    });
    await tx.artifactGeneration.update({
      where: { id: task.generationId },
      data: { status: "FAILED", failureReason: failure, failureMessage: message, endedAt: now },
    });
    const failed: NewEvent = {
      ...aboutArtifact(task),
      type: "artifact_failed",
      fromState: "GENERATING",
      toState: "FAILED",
      actor: OURS.has(failure) ? "SYSTEM" : "LLM",
      reason: message,
      detail: { type: task.type, failure, attempt: task.attempt },
    };
    const ended: NewEvent = {
      subject: "ARTIFACT",
      subjectId: task.generationId,
      type: "generation_ended",
      fromState: "RUNNING",
      toState: "FAILED",
      actor: "SYSTEM",
      detail: { failed: task.type, notReached: notReached.map(({ type }) => type) },
    };
    return { id: row.id, events: [failed, ended] };
  });
}

function aboutArtifact({ artifactId }: Task) {
  return { subject: "ARTIFACT", subjectId: artifactId } as const;
}

/** Runs as the model, under the project's lock, and only for the attempt that has the document. */
async function endDocument(
  services: Services,
  task: Task,
  command: string,
  end: (project: LockedProject, row: Artifact) => Promise<Accepted>,
): Promise<void> {
  const { ownerId: userId, correlationId, projectId, artifactId, generationId, attempt } = task;
  const caller: Caller = { userId, actor: "LLM", correlationId, idempotencyKey: null };
  const request = { command, projectId, input: {}, evenArchived: true };
  await runProjectCommand(services, caller, request, async (project) => {
    const row = await project.tx.artifact.findUnique({
      where: { id: artifactId, generationId, attempt, generationStatus: "GENERATING" },
    });
    if (!row) throw new SupersededError(`Another attempt has the ${task.type} of project ${projectId}`);
    return end(project, row);
  });
}

function countDue({ tx }: LockedProject, { projectId, generationId }: Task): Promise<number> {
  return tx.artifact.count({ where: { projectId, generationId, generationStatus: "GENERATING" } });
}

async function completeMilestones(project: LockedProject, type: ArtifactType) {
  const byStage: Record<number, Milestones> = {};
  const events: NewEvent[] = [];
  const key = MILESTONES[type];
  for (const { stageNumber } of key === undefined ? [] : project.row.stageConfigs) {
    const target = setupOfStage(project, stageNumber);
    const completed = key === undefined ? null : completedBySystem(target, key, project.now);
    if (!completed) continue;
    await saveSetup(project, target, { milestones: completed.milestones });
    byStage[stageNumber] = completed.milestones;
    events.push(...completed.events.map((event) => ({ ...event, actor: "SYSTEM" }) as const));
  }
  return { byStage, events };
}
