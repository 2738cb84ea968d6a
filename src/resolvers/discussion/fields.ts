import { DiscussionType, RoundType } from "../../schema/discussion/discussion.ts";
import { MessageType } from "../../schema/discussion/message.ts";
import { decodeId } from "../../schema/ids.ts";
import type { InputBuilder, ResultBuilder } from "../stage/fields.ts";

export const discussionId = (t: InputBuilder) =>
  t.id({ required: true, description: "The discussion's id." });

/** The input with the discussion's own id. */
export function inDiscussion<Input extends { readonly discussionId: string }>(input: Input) {
  return { ...input, discussionId: decodeId("discussion", input.discussionId, "discussionId") };
}

/** `discussion`, read again after the command. */
export const discussion = (t: ResultBuilder) =>
  t.prismaField({
    type: DiscussionType,
    description: "The discussion, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.discussion.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const round = (t: ResultBuilder) =>
  t.prismaField({
    type: RoundType,
    description: "The round, as it is now.",
    resolve: (query, { part }, _args, { prisma }) =>
      prisma.round.findUniqueOrThrow({ ...query, where: { id: part ?? "" } }),
  });

export const message = (t: ResultBuilder) =>
  t.prismaField({
    type: MessageType,
    description: "The message.",
    resolve: (query, { part }, _args, { prisma }) =>
      prisma.message.findUniqueOrThrow({ ...query, where: { id: part ?? "" } }),
  });
