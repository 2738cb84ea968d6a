import type { NewEvent } from "../../domain/event/event.ts";
import type { LockedProject } from "../command/project.ts";
import type { ModelServices } from "../services.ts";
import { aboutDiscussion } from "./discussion.ts";

/** A summary that is to be written. */
export interface SummaryPlan {
  readonly discussionId: string;
  /** The model that writes it. */
  readonly by: string;
  readonly correlationId: string;
}

/** Begins a summary, under the project's lock, with the job that has it written. */
export async function beginSummary(
  { ids, jobs }: ModelServices,
  { tx, now }: LockedProject,
  { discussionId, by, correlationId }: SummaryPlan,
): Promise<NewEvent> {
  const summaryId = ids.next();
  await tx.discussion.update({
    where: { id: discussionId },
    data: {
      activity: "SUMMARY",
      summaryId,
      summaryBy: by,
      summaryAttempt: 0,
      consensusFailure: null,
      consensusFailureDetail: null,
      correlationId,
      updatedAt: now,
    },
  });
  await jobs.discuss(tx, { task: "SUMMARY", id: summaryId });
  return { ...aboutDiscussion(discussionId), type: "summary_started", detail: { by } };
}
