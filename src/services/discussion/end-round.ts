import { MIN_RANKED_MODELS } from "../../domain/discussion/limits.ts";
import { aggregateRankings, type Score } from "../../domain/discussion/ranking.ts";
import { afterRound } from "../../domain/discussion/rounds.ts";
import type { DiscussionType } from "../../domain/discussion/states.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import type { Caller } from "../command/command.ts";
import { type Accepted, type LockedProject, runProjectCommand } from "../command/project.ts";
import { SupersededError } from "../model/superseded.ts";
import type { ModelServices } from "../services.ts";
import { beginSummary } from "./begin-summary.ts";
import {
  aboutDiscussion,
  type DiscussionRow,
  isUnsaid,
  modelsOf,
  type RoundRow,
  WITH_ROUNDS,
} from "./discussion.ts";

/** Which round is over, and whose discussion's it is. */
export interface RoundOver {
  readonly roundId: string;
  readonly projectId: string;
  readonly ownerId: string;
  readonly correlationId: string;
  /** Whether the models may still be asked to rank each other. */
  readonly mayRank: boolean;
}

/**
 * Does what is to be done when all have spoken: has the models rank each other where that was asked for, otherwise ends
 * the round, and begins what follows.
 *
 * @throws SupersededError when somebody else has ended the round
 */
export async function endRound(services: ModelServices, over: RoundOver): Promise<void> {
  const { roundId, projectId, ownerId: userId, correlationId, mayRank } = over;
  const caller: Caller = { userId, actor: "SYSTEM", correlationId, idempotencyKey: null };
  const request = { command: "endRound", projectId, input: {}, evenArchived: true };
  await services.jobs.ready();
  await runProjectCommand(services, caller, request, async (project) => {
    const discussion = await project.tx.discussion.findFirstOrThrow({
      where: { rounds: { some: { id: roundId } } },
      include: WITH_ROUNDS,
    });
    const round = discussion.rounds.find(({ id }) => id === roundId);
    const asked = round?.messages.filter(({ kind }) => kind === "ANSWER" || kind === "RANKING") ?? [];
    if (round?.status !== "RUNNING" || asked.some(isUnsaid)) {
      throw new SupersededError(`Round ${roundId} is not over, or somebody else has ended it`);
    }
    const answers = asked.filter(({ kind, status }) => kind === "ANSWER" && status === "COMPLETED");
    if (answers.length === 0) return failRound(project, discussion, round);
    const hasRanked = asked.some(({ kind }) => kind === "RANKING");
    const isRanked = discussion.peerRanking && round.type === "PARALLEL";
    if (mayRank && isRanked && !hasRanked && answers.length >= MIN_RANKED_MODELS) {
      return askForRankings(
        services,
        project,
        round,
        answers.map(({ model }) => model ?? ""),
      );
    }
    return completeRound(services, project, discussion, round);
  });
  services.jobs.committed();
}

async function failRound(
  { tx, now }: LockedProject,
  discussion: DiscussionRow,
  round: RoundRow,
): Promise<Accepted> {
  const failures = round.messages.flatMap(({ kind, model, failureMessage }) =>
    kind === "ANSWER" ? [`${model}: ${failureMessage}`] : [],
  );
  const message = `No model answered. ${failures.join(" ")}`.slice(0, 2_000);
  await tx.round.update({
    where: { id: round.id },
    data: { status: "FAILED", failureMessage: message, endedAt: now },
  });
  await tx.discussion.update({
    where: { id: discussion.id },
    data: { activity: "IDLE", pendingRounds: 0, failureMessage: message, updatedAt: now },
  });
  const failed: NewEvent = {
    ...aboutDiscussion(discussion.id),
    type: "round_failed",
    fromState: "RUNNING",
    toState: "FAILED",
    reason: message,
    detail: { round: round.id, roundNumber: round.roundNumber },
  };
  return { id: discussion.id, events: [failed] };
}

async function askForRankings(
  { ids }: ModelServices,
  { tx }: LockedProject,
  round: RoundRow,
  models: readonly string[],
): Promise<Accepted> {
  const first = 1 + Math.max(...round.messages.map(({ position }) => position));
  await tx.message.createMany({
    data: models.map((model, index) => ({
      id: ids.next(),
      roundId: round.id,
      kind: "RANKING",
      model,
      position: first + index,
    })),
  });
  return { id: round.id, events: [] };
}

async function completeRound(
  services: ModelServices,
  project: LockedProject,
  discussion: DiscussionRow,
  round: RoundRow,
): Promise<Accepted> {
  const { tx, now, journey } = project;
  const scores = scoresOf(round);
  await tx.round.update({
    where: { id: round.id },
    data: { status: "COMPLETED", scores: scores.map((score) => ({ ...score })), endedAt: now },
  });
  const completed: NewEvent = {
    ...aboutDiscussion(discussion.id),
    type: "round_completed",
    fromState: "RUNNING",
    toState: "COMPLETED",
    detail: {
      round: round.id,
      roundNumber: round.roundNumber,
      ...(scores.length > 0 && { scores: scores.map((score) => ({ ...score })) }),
    },
  };
  const next = afterRound({
    discussion: discussion.type as DiscussionType,
    planned: round.isPlanned,
    failed: false,
  });
  if (next === "SUMMARIZE" && !journey.archived) {
    const begun = await beginSummary(services, project, {
      discussionId: discussion.id,
      by: modelsOf(discussion)[0] ?? "",
      correlationId: discussion.correlationId,
    });
    return { id: discussion.id, events: [completed, begun] };
  }
  await tx.discussion.update({
    where: { id: discussion.id },
    data: { activity: "IDLE", pendingRounds: 0, updatedAt: now },
  });
  return { id: discussion.id, events: [completed] };
}

function scoresOf({ messages }: RoundRow): Score[] {
  const authors = new Map(
    messages.flatMap(({ id, kind, model }) => (kind === "ANSWER" && model !== null ? [[id, model]] : [])),
  );
  const rankings = messages.flatMap(({ ranking, status }) =>
    ranking !== null && status === "COMPLETED" ? [ranking as string[]] : [],
  );
  return aggregateRankings(rankings, authors);
}
