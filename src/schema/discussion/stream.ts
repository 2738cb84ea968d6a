import type { DiscussionUpdate } from "../../events/discussion-hub.ts";
import { builder } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { ConsensusType, RoundType } from "./discussion.ts";
import { DiscussionPhaseEnum } from "./enums.ts";
import { MessageType } from "./message.ts";

type Update<Kind extends DiscussionUpdate["kind"]> = Extract<DiscussionUpdate, { kind: Kind }>;

const ATTEMPT =
  "Which attempt this is. When the process that asks the model dies, another asks again: the message starts anew under the next attempt, from offset 0.";

const RoundStartedType = builder.objectRef<Update<"RoundStarted">>("RoundStarted").implement({
  description: "A round began.",
  fields: (t) => ({
    round: t.prismaField({
      type: RoundType,
      description: "The round, as it is now.",
      resolve: (query, { roundId }, _args, { prisma }) =>
        prisma.round.findUniqueOrThrow({ ...query, where: { id: roundId } }),
    }),
  }),
});

const MessageStartedType = builder.objectRef<Update<"MessageStarted">>("MessageStarted").implement({
  description: "A model began to speak. When it is told again of the same message, forget what came before.",
  fields: (t) => ({
    messageId: t.id({
      description: "The message's id.",
      resolve: ({ messageId }) => encodeId("message", messageId),
    }),
    attempt: t.exposeInt("attempt", { description: ATTEMPT }),
    message: t.prismaField({
      type: MessageType,
      description: "The message, as it is now.",
      resolve: (query, { messageId }, _args, { prisma }) =>
        prisma.message.findUniqueOrThrow({ ...query, where: { id: messageId } }),
    }),
  }),
});

const MessageDeltaType = builder.objectRef<Update<"MessageDelta">>("MessageDelta").implement({
  description:
    "More of what a model says. The deltas of an attempt follow each other without a gap: together they are the message's content.",
  fields: (t) => ({
    messageId: t.id({
      description: "The message's id.",
      resolve: ({ messageId }) => encodeId("message", messageId),
    }),
    attempt: t.exposeInt("attempt", { description: ATTEMPT }),
    offset: t.exposeInt("offset", {
      description: "Where in the content it begins, counted in UTF-16 units as JavaScript does.",
    }),
    text: t.exposeString("text", { description: "What is added." }),
  }),
});

const MessageCompletedType = builder.objectRef<Update<"MessageCompleted">>("MessageCompleted").implement({
  description:
    "A message is said, or failed; its `status` tells which. A person's message comes whole, without a start and deltas.",
  fields: (t) => ({
    messageId: t.id({
      description: "The message's id.",
      resolve: ({ messageId }) => encodeId("message", messageId),
    }),
    message: t.prismaField({
      type: MessageType,
      description: "The message.",
      resolve: (query, { messageId }, _args, { prisma }) =>
        prisma.message.findUniqueOrThrow({ ...query, where: { id: messageId } }),
    }),
  }),
});

const ConsensusReachedType = builder.objectRef<Update<"ConsensusReached">>("ConsensusReached").implement({
  description: "A consensus was summarised.",
  fields: (t) => ({
    consensus: t.prismaField({
      type: ConsensusType,
      description: "The consensus, as it is now.",
      resolve: (query, { discussionId }, _args, { prisma }) =>
        prisma.consensus.findUniqueOrThrow({ ...query, where: { discussionId } }),
    }),
  }),
});

const DiscussionFailedType = builder.objectRef<Update<"DiscussionFailed">>("DiscussionFailed").implement({
  description: "A round or a summary failed. The discussion stays open: another one can be asked for.",
  fields: (t) => ({
    during: t.expose("during", { type: DiscussionPhaseEnum, description: "What has failed." }),
    // Under names of their own: a client selects the fields of all these types in one place.
    reason: t.exposeString("reason", { description: "Why, in words for people." }),
    failedRound: t.prismaField({
      type: RoundType,
      nullable: true,
      description: "The round that failed; null when a summary did.",
      resolve: ({ ...query }, { roundId }, _args, { prisma }) =>
        roundId === null ? null : prisma.round.findUnique({ ...query, where: { id: roundId } }),
    }),
  }),
});

export const DiscussionUpdateType = builder.unionType("DiscussionUpdate", {
  description: "Something that happens in a discussion while it is held.",
  types: [
    RoundStartedType,
    MessageStartedType,
    MessageDeltaType,
    MessageCompletedType,
    ConsensusReachedType,
    DiscussionFailedType,
  ],
  resolveType: ({ kind }) => kind,
});
