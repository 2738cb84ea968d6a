import { builder } from "../../schema/builder.ts";
import { decodeId, encodeId } from "../../schema/ids.ts";
import { projectsSeenBy } from "../../services/account/seen-by.ts";
import {
  type TimelineFault,
  type TimelineReport,
  verifyTimeline,
} from "../../services/event/verify-timeline.ts";

const TimelineFaultType = builder.objectRef<TimelineFault>("TimelineFault").implement({
  description: "The first place where a log is not what was written.",
  fields: (t) => ({
    sequence: t.exposeInt("sequence", { description: "Where it is." }),
    eventId: t.id({
      nullable: true,
      description: "The event that was found there; null when it is missing.",
      resolve: ({ eventId }) => eventId && encodeId("event", eventId),
    }),
    problem: t.exposeString("problem", { description: "What is the matter." }),
  }),
});

const TimelineVerificationType = builder.objectRef<TimelineReport>("TimelineVerification").implement({
  description: "Whether a project's log is what was written: every event there, unchanged and in its place.",
  fields: (t) => ({
    ok: t.boolean({ description: "Whether there is no fault.", resolve: ({ fault }) => fault === null }),
    checked: t.exposeInt("checked", { description: "How many events fit, from the first one on." }),
    fault: t.field({
      type: TimelineFaultType,
      nullable: true,
      description: "The first fault; null when there is none.",
      resolve: ({ fault }) => fault,
    }),
  }),
});

builder.queryField("verifyTimeline", (t) =>
  t.field({
    type: TimelineVerificationType,
    nullable: true,
    // It reads the whole log: a few of them are a query's worth.
    complexity: 5_000,
    description: "Walks a project's hash chain; null when there is no such project or it is someone else's.",
    args: { projectId: t.arg.id({ required: true, description: "The project's id." }) },
    resolve: async (_root, { projectId }, { prisma, viewer }) => {
      const where = { ...projectsSeenBy(viewer), id: decodeId("project", projectId, "projectId") };
      const project = await prisma.project.findUnique({ where, select: { id: true } });
      return project && verifyTimeline(prisma, project.id);
    },
  }),
);
