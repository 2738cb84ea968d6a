import type { BlockReason, WorkstreamStatus } from "../../domain/run/state.ts";
import { builder, pageComplexity } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { OLDEST_FIRST, relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { JSON_OBJECT, STEP_NAMES } from "../weights.ts";
import { BlockReasonEnum, WorkstreamStatusEnum } from "./enums.ts";
import { errorPages } from "./run-error.ts";
import { attemptPages } from "./step-attempt.ts";

/** What a list of dependencies is taken for: most are far shorter, and nothing but the run's size bounds them. */
const DEPENDENCIES = 100;

export const WorkstreamType = builder.prismaObject("Workstream", {
  description: "A part of a run that one agent at a time works on, under a lease.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: workstream_…", resolve: ({ id }) => encodeId("workstream", id) }),
    run: t.relation("run", { description: "The run that it is part of." }),
    key: t.exposeString("key", { description: "What the client calls it, once per run." }),
    title: t.exposeString("title", { description: "Its name for people; its key unless one was given." }),
    status: t.field({
      type: WorkstreamStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as WorkstreamStatus,
    }),
    blockedBy: t.field({
      type: BlockReasonEnum,
      nullable: true,
      description: "Why it is BLOCKED; null unless it is.",
      select: { blockedBy: true },
      resolve: ({ blockedBy }) => blockedBy as BlockReason | null,
    }),
    position: t.exposeInt("position", { description: "Its place among the workstreams of its run, from 0." }),
    steps: t.stringList({
      complexity: STEP_NAMES,
      description: "The steps that are planned; an agent may do others.",
      select: { steps: true },
      resolve: ({ steps }) => steps as string[],
    }),
    metadata: t.expose("metadata", {
      complexity: JSON_OBJECT,
      type: "JSON",
      description: "What the client added.",
    }),
    attempt: t.exposeInt("attempt", {
      description: "How many times it has been claimed: the number of the present lease, or of the last one.",
    }),
    leaseHolder: t.exposeString("leaseHolder", {
      nullable: true,
      description: "The agent that works on it; null while nobody does.",
    }),
    leaseExpiresAt: t.expose("leaseExpiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When the lease ends unless a heartbeat extends it; null while nobody works on it.",
    }),
    replacedBy: t.relation("replacedBy", {
      nullable: true,
      description: "The workstream that took its place after it failed or was abandoned.",
    }),
    attempts: t.relatedConnection(
      "attempts",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "The tries at its steps, oldest first.",
        extensions: relatedList("workstream", "attempts", OLDEST_FIRST),
        query: (args) => {
          checkPage(args);
          return { orderBy: { id: "asc" } };
        },
      },
      ...attemptPages,
    ),
    errors: t.relatedConnection(
      "errors",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its errors, each kind once, in the order in which they were first seen.",
        extensions: relatedList("workstream", "errors", OLDEST_FIRST),
        query: (args) => {
          checkPage(args);
          return { orderBy: { id: "asc" } };
        },
      },
      ...errorPages,
    ),
    endedAt: t.expose("endedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was done, failed or abandoned; null before.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was created." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When a command last changed it." }),
  }),
});

builder.prismaObjectField(WorkstreamType, "dependsOn", (t) =>
  t.field({
    type: [WorkstreamType],
    description: "The workstreams that have to be done before it can be claimed, in the order of the run.",
    complexity: { field: 1, multiplier: DEPENDENCIES },
    // By a loader: nested lists joined in one statement would be as many rows as there are paths through the graph.
    resolve: async ({ id }, _args, { loaders }) => (await loaders.dependencies.load(id)) ?? [],
  }),
);

export const workstreamPages = pagesOf("Workstream", WorkstreamType);
