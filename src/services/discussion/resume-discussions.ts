import type { DiscussionTask } from "../../domain/discussion/task.ts";
import { resumeStalled } from "../model/resume-stalled.ts";
import type { ModelServices } from "../services.ts";
import { type DiscussionRow, isUnsaid, WITH_ROUNDS } from "./discussion.ts";

/** A summary that does not hold is asked for twice, and nothing is noted in between. */
const LONGEST_SILENCE = 2;

/**
 * Enqueues again what discussions wait for and nobody does: rounds, answers to a person, summaries.
 *
 * @returns in how many discussions there was something
 */
export function resumeDiscussions(services: ModelServices): Promise<number> {
  const { prisma, clock, jobs, documentTimeoutMs } = services;
  return resumeStalled(services, {
    longestSilenceMs: LONGEST_SILENCE * documentTimeoutMs,
    async find(since, limit) {
      // The states stand in the text, not in parameters: only so it is certain that the indexes of what is open serve.
      const rows = await prisma.$queryRaw<{ id: string }[]>`
        SELECT id FROM discussion WHERE activity <> 'IDLE' AND updated_at < ${since}
        UNION
        SELECT discussion.id FROM message
          JOIN round ON round.id = message.round_id
          JOIN discussion ON discussion.id = round.discussion_id
          WHERE message.status IN ('PENDING', 'RUNNING') AND discussion.updated_at < ${since}
        LIMIT ${limit}`;
      return rows.map(({ id }) => id);
    },
    async resume(tx, id, since) {
      const { count } = await tx.discussion.updateMany({
        where: { id, updatedAt: { lt: since } },
        data: { updatedAt: clock.now() },
      });
      if (count !== 1) return false;
      const row = await tx.discussion.findUniqueOrThrow({ where: { id }, include: WITH_ROUNDS });
      const tasks = tasksOf(row);
      for (const task of tasks) await jobs.discuss(tx, task);
      return tasks.length > 0;
    },
  });
}

/** What a discussion waits for. */
function tasksOf({ activity, summaryId, rounds }: DiscussionRow): DiscussionTask[] {
  const asked = rounds
    .flatMap(({ messages }) => messages)
    .flatMap((message) =>
      message.kind === "DIRECT" && message.replyToId !== null && isUnsaid(message) ? [message.replyToId] : [],
    );
  return [
    ...rounds.filter(({ status }) => status === "RUNNING").map(({ id }) => ({ task: "ROUND", id }) as const),
    ...(activity === "SUMMARY" && summaryId !== null ? [{ task: "SUMMARY", id: summaryId } as const] : []),
    ...[...new Set(asked)].map((id) => ({ task: "POST", id }) as const),
  ];
}
