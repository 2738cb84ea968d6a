import type { PrismaClient } from "../generated/prisma/client.ts";

/** A discussion without what is said in it. */
export interface DiscussionOutline {
  readonly isOver: boolean;
  readonly summary: { readonly id: string; readonly failure: string | null } | null;
  readonly rounds: readonly {
    readonly id: string;
    readonly failure: string | null;
    readonly messages: readonly MessageOutline[];
  }[];
}

export interface MessageOutline {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
}

/** From where a message that is being said is to be read. */
export interface PieceQuery {
  readonly messageId: string;
  readonly attempt: number;
  /** In UTF-16 units. */
  readonly from: number;
}

export interface Piece {
  readonly messageId: string;
  readonly offset: number;
  readonly text: string;
}

/** Reads discussions for those who listen. */
export interface DiscussionSource {
  /** Null when there is no such discussion. */
  outline(discussionId: string): Promise<DiscussionOutline | null>;
  /** What messages say that are said, by their ids. */
  contents(messageIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What has come of messages that are being said, each in order. */
  pieces(wanted: readonly PieceQuery[]): Promise<readonly Piece[]>;
}

export function createDiscussionSource(prisma: PrismaClient): DiscussionSource {
  return {
    async outline(id) {
      const row = await prisma.discussion.findUnique({
        where: { id },
        select: {
          status: true,
          activity: true,
          summaryId: true,
          consensusFailureDetail: true,
          rounds: {
            orderBy: { roundNumber: "asc" },
            select: {
              id: true,
              failureMessage: true,
              messages: {
                orderBy: { position: "asc" },
                select: { id: true, status: true, attempt: true },
              },
            },
          },
        },
      });
      if (!row) return null;
      const { summaryId, activity } = row;
      return {
        isOver: row.status === "COMPLETED",
        summary:
          summaryId === null || activity === "SUMMARY"
            ? null
            : { id: summaryId, failure: row.consensusFailureDetail },
        rounds: row.rounds.map(({ id: roundId, failureMessage, messages }) => ({
          id: roundId,
          failure: failureMessage,
          messages,
        })),
      };
    },
    async contents(ids) {
      if (ids.length === 0) return new Map();
      const rows = await prisma.message.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, content: true },
      });
      return new Map(rows.map(({ id, content }) => [id, content]));
    },
    async pieces(wanted) {
      if (wanted.length === 0) return [];
      return prisma.messagePiece.findMany({
        where: {
          OR: wanted.map(({ messageId, attempt, from }) => ({ messageId, attempt, offset: { gte: from } })),
        },
        orderBy: { offset: "asc" },
        select: { messageId: true, offset: true, text: true },
      });
    },
  };
}
