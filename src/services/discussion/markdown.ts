import { storedAgreements, storedDisagreements, storedDissent } from "../../domain/discussion/consensus.ts";
import { discussionMarkdown } from "../../domain/discussion/markdown.ts";
import type { Score } from "../../domain/discussion/ranking.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import { modelsOf } from "./discussion.ts";

/** What writing a discussion out takes of its rows. */
export const EXPORTED_DISCUSSION = {
  question: true,
  type: true,
  status: true,
  models: true,
  createdAt: true,
  consensusFailureDetail: true,
  consensus: true,
  rounds: {
    orderBy: { roundNumber: "asc" },
    include: { messages: { orderBy: { position: "asc" } } },
  },
} as const satisfies Prisma.DiscussionSelect;

type ExportedDiscussion = Prisma.DiscussionGetPayload<{ select: typeof EXPORTED_DISCUSSION }>;

/** A discussion as Markdown: every message, and the consensus. */
export function discussionAsMarkdown({
  consensus,
  consensusFailureDetail,
  rounds,
  ...row
}: ExportedDiscussion): string {
  return discussionMarkdown({
    ...row,
    models: modelsOf(row),
    rounds: rounds.map((round) => ({ ...round, scores: round.scores as unknown as Score[] })),
    consensusFailure: consensusFailureDetail,
    consensus: consensus && {
      ...consensus,
      agreements: storedAgreements.parse(consensus.agreements),
      disagreements: storedDisagreements.parse(consensus.disagreements),
      dissent: storedDissent.parse(consensus.dissent),
    },
  });
}
