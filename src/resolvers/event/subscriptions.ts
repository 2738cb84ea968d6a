import { JOURNEY_SUBJECTS } from "../../domain/event/event.ts";
import type { ForeseenStream } from "../../events/hub.ts";
import type { EventRow } from "../../events/log.ts";
import { builder } from "../../schema/builder.ts";
import type { GraphQLContext } from "../../schema/context.ts";
import { decodePosition } from "../../schema/event/cursor.ts";
import { EventSubjectEnum } from "../../schema/event/enums.ts";
import { EventInterface } from "../../schema/event/event.ts";
import { decodeId } from "../../schema/ids.ts";
import { inputError, notFound } from "../../schema/input-error.ts";
import { projectsSeenBy } from "../../services/account/seen-by.ts";
import { only, toEvent } from "./stream.ts";
import { whileMember } from "./while-member.ts";

const AFTER =
  "The cursor of the last event that you have seen. What was missed is replayed in order, then the stream goes live, without a gap or a duplicate. Left out, it starts with what happens next.";

builder.subscriptionField("stageEvents", (t) =>
  t.field({
    type: EventInterface,
    description: "The events of a project's journey: its stage, gates, milestones and risks.",
    args: {
      projectId: t.arg.id({ required: true, description: "The project's id." }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { projectId, after }, context) =>
      only(await projectStream(context, projectId, after), aboutAny(JOURNEY_SUBJECTS)),
    resolve: toEvent,
  }),
);

builder.subscriptionField("projectEvents", (t) =>
  t.field({
    type: EventInterface,
    description: "Every event of a project.",
    args: {
      projectId: t.arg.id({ required: true, description: "The project's id." }),
      after: t.arg.string({ description: AFTER }),
      subjects: t.arg({ type: [EventSubjectEnum], description: "Only events about these." }),
    },
    subscribe: async (_root, { projectId, after, subjects }, context) => {
      const stream = await projectStream(context, projectId, after);
      return subjects ? only(stream, aboutAny(subjects)) : stream;
    },
    resolve: toEvent,
  }),
);

builder.subscriptionField("viewerEvents", (t) =>
  t.field({
    type: EventInterface,
    description:
      "The events of all projects that the viewer is a member of, from now on, also of those that they join later, until they leave them. Live only: to resume, use projectEvents.",
    subscribe: (_root, _args, { hub, viewer, signal }) => hub.viewerStream(viewer, signal),
    resolve: toEvent,
  }),
);

builder.subscriptionField("runEvents", (t) =>
  t.field({
    type: EventInterface,
    description: "The events about a run and its workstreams.",
    args: {
      runId: t.arg.id({ required: true, description: "The run's id." }),
      after: t.arg.string({ description: `${AFTER} Any cursor of the run's project will do.` }),
    },
    subscribe: async (_root, { runId, after }, context) => {
      const { prisma, viewer } = context;
      const id = decodeId("run", runId, "runId");
      const run = await prisma.run.findUnique({
        where: { id, project: projectsSeenBy(viewer) },
        select: { projectId: true },
      });
      if (!run) throw notFound("There is no such run.");
      return only(await streamOf(context, run.projectId, after), (event) => event.runId === id);
    },
    resolve: toEvent,
  }),
);

function projectStream(
  context: GraphQLContext,
  projectId: string,
  after: string | null | undefined,
): Promise<ForeseenStream> {
  return streamOf(context, decodeId("project", projectId, "projectId"), after);
}

/** The stream of a project's log from a cursor on, or from its present end. */
async function streamOf(
  context: GraphQLContext,
  projectId: string,
  after: string | null | undefined,
): Promise<ForeseenStream> {
  const { prisma, hub, viewer } = context;
  const project = await prisma.project.findUnique({
    where: { ...projectsSeenBy(viewer), id: projectId },
    select: { id: true, eventSequence: true },
  });
  if (!project) throw notFound("There is no such project.");
  const position = after == null ? null : decodePosition(after);
  if (after != null && !position) throw inputError('"after" is not a cursor of an event.');
  if (position && position.projectId !== project.id) {
    throw inputError('"after" is the cursor of an event of another project.');
  }
  if (position && position.sequence > project.eventSequence) {
    throw inputError('"after" lies beyond the end of the project\'s log.');
  }
  const start = position?.sequence ?? project.eventSequence;
  let upcoming: ForeseenStream["upcoming"] = () => [];
  const stream = whileMember(context, project.id, (signal) => {
    const events = hub.projectStream(project.id, start, signal);
    upcoming = events.upcoming;
    return events;
  });
  return { ...stream, upcoming };
}

function aboutAny(subjects: readonly string[]): (event: EventRow) => boolean {
  return ({ subject }) => subjects.includes(subject);
}
