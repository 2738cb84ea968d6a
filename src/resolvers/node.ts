import { brandWithType } from "@pothos/core";
import { queryFromInfo } from "@pothos/plugin-prisma";
import type { GraphQLResolveInfo } from "graphql";
import { builder } from "../schema/builder.ts";
import type { GraphQLContext } from "../schema/context.ts";
import { EVENT_TYPES } from "../schema/event/event.ts";
import { encodeId, type IdPrefix, parseId } from "../schema/ids.ts";
import { inputError } from "../schema/input-error.ts";
import { keysSeenBy } from "../services/account/api-keys.ts";
import { invitationsSeenBy } from "../services/account/invitations.ts";
import { projectsSeenBy, usersSeenBy } from "../services/account/seen-by.ts";

const MAX_IDS = 100;

type NodePrefix = Exclude<IdPrefix, "risk" | "annotation" | "lease">;
type Row = { readonly id: string };
type Read = (context: GraphQLContext, ids: string[], query: object) => Promise<readonly Row[]>;

/** The types that `node` gives, by their ids' prefix. Each read is scoped to the viewer. */
const NODES: Readonly<Record<NodePrefix, { readonly typeName: string; readonly read: Read }>> = {
  user: {
    typeName: "User",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.user.findMany({ ...query, where: { AND: [{ id: { in: ids } }, usersSeenBy(viewer)] } }),
  },
  project: {
    typeName: "Project",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.project.findMany({ ...query, where: { AND: [{ id: { in: ids } }, projectsSeenBy(viewer)] } }),
  },
  stage: {
    typeName: "StageConfig",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.stageConfig.findMany({
        ...query,
        where: { id: { in: ids }, project: projectsSeenBy(viewer) },
      }),
  },
  gate: {
    typeName: "DecisionGate",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.decisionGate.findMany({
        ...query,
        where: { id: { in: ids }, project: projectsSeenBy(viewer) },
      }),
  },
  artifact: {
    typeName: "Artifact",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.artifact.findMany({ ...query, where: { id: { in: ids }, project: projectsSeenBy(viewer) } }),
  },
  discussion: {
    typeName: "Discussion",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.discussion.findMany({
        ...query,
        where: { id: { in: ids }, project: projectsSeenBy(viewer) },
      }),
  },
  round: {
    typeName: "Round",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.round.findMany({
        ...query,
        where: { id: { in: ids }, discussion: { project: projectsSeenBy(viewer) } },
      }),
  },
  message: {
    typeName: "Message",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.message.findMany({
        ...query,
        where: { id: { in: ids }, round: { discussion: { project: projectsSeenBy(viewer) } } },
      }),
  },
  consensus: {
    typeName: "Consensus",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.consensus.findMany({
        ...query,
        where: { id: { in: ids }, discussion: { project: projectsSeenBy(viewer) } },
      }),
  },
  run: {
    typeName: "Run",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.run.findMany({ ...query, where: { id: { in: ids }, project: projectsSeenBy(viewer) } }),
  },
  workstream: {
    typeName: "Workstream",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.workstream.findMany({
        ...query,
        where: { id: { in: ids }, run: { project: projectsSeenBy(viewer) } },
      }),
  },
  attempt: {
    typeName: "StepAttempt",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.stepAttempt.findMany({
        ...query,
        where: { id: { in: ids }, run: { project: projectsSeenBy(viewer) } },
      }),
  },
  error: {
    typeName: "RunError",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.runError.findMany({
        ...query,
        where: { id: { in: ids }, run: { project: projectsSeenBy(viewer) } },
      }),
  },
  invitation: {
    typeName: "ProjectInvitation",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.projectInvitation.findMany({
        ...query,
        where: { AND: [{ id: { in: ids } }, invitationsSeenBy(viewer)] },
      }),
  },
  key: {
    typeName: "ApiKey",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.apiKey.findMany({ ...query, where: { AND: [{ id: { in: ids } }, keysSeenBy(viewer)] } }),
  },
  escalation: {
    typeName: "Escalation",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.agentEscalation.findMany({
        ...query,
        where: { id: { in: ids }, project: projectsSeenBy(viewer) },
      }),
  },
  event: {
    typeName: "Event",
    read: ({ prisma, viewer }, ids, query) =>
      prisma.event.findMany({ ...query, where: { id: { in: ids }, project: projectsSeenBy(viewer) } }),
  },
};

const ID = 'A TypeID, such as "project_…".';

builder.queryField("node", (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: "Anything that has an id; null when there is no such thing or it is someone else's.",
    args: { id: t.arg.id({ required: true, description: ID }) },
    resolve: async (_root, { id }, context, info) => (await readNodes(context, info, [id]))[0] ?? null,
  }),
);

builder.queryField("nodes", (t) =>
  t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: `Several things by their ids, at most ${MAX_IDS}, in the order of the ids; null in the place of each that is not there.`,
    args: { ids: t.arg.idList({ required: true, description: ID }) },
    complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > MAX_IDS) throw inputError(`"ids" must not be more than ${MAX_IDS}.`);
      return readNodes(context, info, ids);
    },
  }),
);

/** Reads things by id, in one statement per type. */
async function readNodes(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const wanted = Map.groupBy(ids.map(parseNodeId), ({ prefix }) => prefix);
  const found = new Map<string, Row>();
  await Promise.all(
    [...wanted].map(async ([prefix, parsed]) => {
      const { typeName, read } = NODES[prefix];
      const uuids = [...new Set(parsed.map(({ uuid }) => uuid))];
      const query = queryFromInfo({ context, info, typeName });
      for (const row of await read(context, uuids, query)) {
        brandWithType(row, typeOf(row, typeName) as never);
        found.set(encodeId(prefix, row.id), row);
      }
    }),
  );
  return ids.map((id) => found.get(id) ?? null);
}

/** Events have a type for each subject; of everything else there is one. */
function typeOf(row: Row & { subject?: string }, typeName: string): string {
  return typeName === "Event" ? EVENT_TYPES[row.subject as keyof typeof EVENT_TYPES] : typeName;
}

function parseNodeId(id: string): { prefix: NodePrefix; uuid: string } {
  const parsed = parseId(id);
  if (parsed && Object.hasOwn(NODES, parsed.prefix))
    return { ...parsed, prefix: parsed.prefix as NodePrefix };
  throw inputError(`"${id.slice(0, 100)}" is not the id of a ${Object.keys(NODES).join(", ")}.`);
}
