import { runDiagram } from "../../domain/run/diagram.ts";
import { MAX_WORKSTREAMS } from "../../domain/run/graph.ts";
import { type RunStatus, WORKSTREAM_STATES, type WorkstreamStatus } from "../../domain/run/state.ts";
import { MAX_ERROR_GROUPS } from "../../services/run/read-error-groups.ts";
import { builder, pageComplexity } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodePosition, isPosition, isPositionIn } from "../event/cursor.ts";
import { EventInterface, eventPages } from "../event/event.ts";
import { encodeId } from "../ids.ts";
import { LOG_ORDER, relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { JSON_OBJECT } from "../weights.ts";
import { RunStatusEnum, WorkstreamStatusEnum } from "./enums.ts";
import { ErrorGroupType } from "./error-group.ts";
import { workstreamPages } from "./workstream.ts";

interface StatusCount {
  readonly status: WorkstreamStatus;
  readonly count: number;
}

const WorkstreamCountType = builder.objectRef<StatusCount>("WorkstreamCount").implement({
  description: "How many workstreams of a run stand in one way.",
  fields: (t) => ({
    status: t.field({
      type: WorkstreamStatusEnum,
      description: "How they stand.",
      resolve: ({ status }) => status,
    }),
    count: t.exposeInt("count", { description: "How many." }),
  }),
});

function byStatus({ status }: { readonly status?: string | null | undefined }) {
  return status ? { status } : {};
}

export const RunType = builder.prismaObject("Run", {
  description:
    "A piece of work that agents do: workstreams that depend on each other. It ends by itself when nothing in it can go on.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: run_…", resolve: ({ id }) => encodeId("run", id) }),
    project: t.relation("project", { description: "The project that it is part of." }),
    title: t.exposeString("title", { description: "Its name for people, 1 to 255 characters." }),
    status: t.field({
      type: RunStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as RunStatus,
    }),
    metadata: t.expose("metadata", {
      complexity: JSON_OBJECT,
      type: "JSON",
      description: "What the client added.",
    }),
    workstreams: t.relatedConnection(
      "workstreams",
      {
        cursor: "runId_position",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its workstreams, in the order in which they were given.",
        extensions: relatedList(
          "run",
          "workstreams",
          { column: "position", direction: "asc" },
          {
            filter: byStatus,
            isOwnCursor: isPositionIn,
          },
        ),
        args: {
          status: t.arg({ type: WorkstreamStatusEnum, description: "Only workstreams that stand so." }),
        },
        query: (args) => {
          checkPage(args, isPosition);
          return { orderBy: { position: "asc" }, where: byStatus(args) };
        },
      },
      ...workstreamPages,
    ),
    workstreamCounts: t.field({
      type: [WorkstreamCountType],
      description:
        "How many of its workstreams stand in each way, in the order of a workstream's life; 0 too.",
      resolve: async ({ id }, _args, { loaders }) => {
        const counts = await loaders.workstreamCounts.load(id);
        return WORKSTREAM_STATES.map(({ name }) => ({ status: name, count: counts?.get(name) ?? 0 }));
      },
    }),
    errorGroups: t.field({
      type: [ErrorGroupType],
      description: `Its errors by their signature, the most frequent first, at most ${MAX_ERROR_GROUPS} groups.`,
      complexity: { field: 1, multiplier: MAX_ERROR_GROUPS },
      resolve: async ({ id }, _args, { loaders }) => (await loaders.errorGroups.load(id)) ?? [],
    }),
    timeline: t.relatedConnection(
      "events",
      {
        type: EventInterface,
        cursor: "projectId_sequence",
        complexity: pageComplexity,
        totalCount: true,
        description:
          "The events about it and its workstreams, oldest first: `last: 10` gives the newest ten.",
        extensions: relatedList("run", "events", LOG_ORDER, {
          // Any place in the project's log will do: `startCursor` is before the run's first event.
          isOwnCursor: async (decoded, { id }, { prisma }) =>
            isPosition(decoded) &&
            (await prisma.run.findUnique({
              where: { id, projectId: decoded[0] },
              select: { id: true },
            })) !== null,
        }),
        query: (args) => {
          checkPage(args, isPosition);
          return { orderBy: { sequence: "asc" } };
        },
      },
      ...eventPages,
    ),
    graph: t.string({
      description:
        "Its workstreams as a Mermaid flowchart, coloured by how they stand; an arrow leads to what waits.",
      // All its workstreams and what they depend on are read for it.
      complexity: MAX_WORKSTREAMS,
      resolve: async ({ id }, _args, { loaders }) => runDiagram((await loaders.runGraphs.load(id)) ?? []),
    }),
    startCursor: t.string({
      description: "Before its first event: subscribe with runEvents after it to replay everything.",
      select: { projectId: true, createdSequence: true },
      resolve: ({ projectId, createdSequence }) =>
        encodePosition({ projectId, sequence: createdSequence - 1 }),
    }),
    endCursor: t.string({
      description:
        "After the newest event that is part of what you read here: subscribe with runEvents after it to miss nothing that follows.",
      select: { projectId: true, project: { select: { eventSequence: true } } },
      resolve: ({ projectId, project }) => encodePosition({ projectId, sequence: project.eventSequence }),
    }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was started; null before.",
    }),
    endedAt: t.expose("endedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it ended; null before.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was created." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When a command last changed it." }),
  }),
});

export const runPages = pagesOf("Run", RunType);
