import type { Setting } from "../../domain/discussion/prompts.ts";
import { isSaid } from "../../domain/discussion/states.ts";
import type { Said } from "../../domain/discussion/transcript.ts";
import type { Prisma } from "../../generated/prisma/client.ts";

/** A discussion with everything that was said in it, and the project that it is about. */
export const WITH_ROUNDS = {
  project: { select: { id: true, name: true, description: true, ownerId: true, archivedAt: true } },
  rounds: {
    orderBy: { roundNumber: "asc" },
    include: { messages: { orderBy: { position: "asc" } } },
  },
} as const satisfies Prisma.DiscussionInclude;

export type DiscussionRow = Prisma.DiscussionGetPayload<{ include: typeof WITH_ROUNDS }>;
export type RoundRow = DiscussionRow["rounds"][number];
export type MessageRow = RoundRow["messages"][number];

export function modelsOf({ models }: { readonly models: unknown }): string[] {
  return models as string[];
}

/** What models are told of a discussion that they speak in. */
export function settingOf(row: DiscussionRow): Setting {
  const { name, description } = row.project;
  return {
    project: { name, description },
    question: row.question,
    models: modelsOf(row),
    systemPrompt: row.systemPrompt,
  };
}

/**
 * What was said, in the order in which it was: answers and people's messages. What failed was not said, and how models
 * rank each other is no part of the discussion.
 */
export function transcriptOf(rounds: readonly RoundRow[]): Said[] {
  return rounds.flatMap(({ roundNumber, messages }) =>
    messages
      .filter(({ kind, status }) => status === "COMPLETED" && kind !== "RANKING")
      .sort((a, b) => timeOf(a) - timeOf(b) || a.position - b.position)
      .map(({ id, model, content, isCut }) => ({ id, roundNumber, model, text: content, isCut })),
  );
}

function timeOf({ timestamp }: MessageRow): number {
  return timestamp?.getTime() ?? 0;
}

/** Whether anything that was asked for has not been said yet. */
export function isUnsaid({ status }: Pick<MessageRow, "status">): boolean {
  return !isSaid(status);
}

/** What an event about a discussion is about. */
export function aboutDiscussion(id: string) {
  return { subject: "DISCUSSION", subjectId: id } as const;
}
