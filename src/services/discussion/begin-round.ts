import { speakingOrder } from "../../domain/discussion/rounds.ts";
import type { RoundType } from "../../domain/discussion/states.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import type { LockedProject } from "../command/project.ts";
import type { ModelServices } from "../services.ts";
import { aboutDiscussion } from "./discussion.ts";

/** A round that is to be held. */
export interface RoundPlan {
  readonly discussionId: string;
  readonly models: readonly string[];
  readonly roundNumber: number;
  readonly type: RoundType;
  /** Whether it is one of those that the discussion was started with, and how many of them follow it. */
  readonly isPlanned: boolean;
  readonly pendingRounds: number;
  readonly correlationId: string;
}

/**
 * Begins a round, under the project's lock: its row, a message for every model that is to speak, and the job that has
 * them speak, all or nothing.
 */
export async function beginRound(
  { ids, jobs }: ModelServices,
  { tx, now }: LockedProject,
  plan: RoundPlan,
): Promise<{ readonly roundId: string; readonly event: NewEvent }> {
  const { discussionId, models, roundNumber, type, isPlanned, pendingRounds, correlationId } = plan;
  const roundId = ids.next();
  await tx.round.create({
    data: { id: roundId, discussionId, roundNumber, type, isPlanned, startedAt: now },
  });
  await tx.message.createMany({
    data: speakingOrder(models, roundNumber).map((model, position) => ({
      id: ids.next(),
      roundId,
      kind: "ANSWER",
      model,
      position,
    })),
  });
  await tx.discussion.update({
    where: { id: discussionId },
    data: { activity: "ROUND", pendingRounds, failureMessage: null, correlationId, updatedAt: now },
  });
  await jobs.discuss(tx, { task: "ROUND", id: roundId });
  const detail = { round: roundId, roundNumber, type };
  return { roundId, event: { ...aboutDiscussion(discussionId), type: "round_started", detail } };
}
