import { builder } from "../../schema/builder.ts";
import { DiscussionUpdateType } from "../../schema/discussion/stream.ts";
import { decodeId } from "../../schema/ids.ts";
import { notFound } from "../../schema/input-error.ts";
import { projectsSeenBy } from "../../services/account/seen-by.ts";
import { whileMember } from "../event/while-member.ts";

builder.subscriptionField("discussionStream", (t) =>
  t.field({
    type: DiscussionUpdateType,
    description:
      "A discussion as it is held: first everything that has happened so far, each text in one piece, then the rest as it is said. Whoever comes late or comes back misses nothing; a slow reader gets larger pieces. It ends when the discussion is completed.",
    args: { discussionId: t.arg.id({ required: true, description: "The discussion's id." }) },
    subscribe: async (_root, { discussionId }, context) => {
      const { prisma, discussions, viewer } = context;
      const discussion = await prisma.discussion.findUnique({
        where: {
          id: decodeId("discussion", discussionId, "discussionId"),
          project: projectsSeenBy(viewer),
        },
        select: { id: true, projectId: true },
      });
      if (!discussion) throw notFound("There is no such discussion.");
      const { id, projectId } = discussion;
      return whileMember(context, projectId, (signal) => discussions.stream(id, projectId, signal));
    },
    resolve: (update) => update,
  }),
);
