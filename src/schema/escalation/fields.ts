import { roleAllows } from "../../domain/account/permissions.ts";
import type { BreakerPolicy, EscalationStatus } from "../../domain/escalation/state.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import { inboxOf } from "../../services/escalation/inbox.ts";
import { UserType } from "../account/user.ts";
import { builder, pageComplexity } from "../builder.ts";
import type { GraphQLContext } from "../context.ts";
import { listById, NEWEST_FIRST, relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { RunType } from "../run/run.ts";
import { WorkstreamType } from "../run/workstream.ts";
import { BreakerPolicyEnum, EscalationStatusEnum } from "./enums.ts";
import { EscalationType, escalationPages } from "./escalation.ts";

const INBOX = listById((condition, args, user, context) =>
  isAsked(context, user, (args as { status?: EscalationStatus | null } | null)?.status, condition),
);

async function isAsked(
  { prisma, viewer }: GraphQLContext,
  user: unknown,
  status: EscalationStatus | null | undefined,
  condition: Prisma.AgentEscalationWhereInput,
): Promise<boolean> {
  const { id } = user as { readonly id: string };
  if (id !== viewer.userId) return false;
  const where = { AND: [inboxOf(viewer, status), condition] };
  return (await prisma.agentEscalation.findFirst({ where, select: { id: true } })) !== null;
}

builder.prismaObjectFields(RunType, (t) => ({
  pausedAt: t.expose("pausedAt", {
    type: "DateTime",
    nullable: true,
    description:
      "Since when it hands out no work, because a question of its breaker waits for an answer; null while it does. What is under way goes on.",
  }),
  answerWithinSeconds: t.exposeInt("answerWithin", {
    nullable: true,
    description: "How long a question of its breaker may wait, in seconds; null when for ever.",
  }),
  onExpiry: t.field({
    type: BreakerPolicyEnum,
    description: "What happens when a question of its breaker is not answered in that time.",
    select: { onExpiry: true },
    resolve: ({ onExpiry }) => onExpiry as BreakerPolicy,
  }),
  escalations: t.relatedConnection(
    "escalations",
    {
      cursor: "id",
      complexity: pageComplexity,
      totalCount: true,
      description: "All questions that were asked in it, newest first.",
      extensions: relatedList("run", "escalations", NEWEST_FIRST, {
        filter: ({ status }: { readonly status?: string | null }) => (status ? { status } : {}),
      }),
      args: {
        status: t.arg({ type: EscalationStatusEnum, description: "Only those that stand so." }),
      },
      query: (args) => {
        checkPage(args);
        return { orderBy: { id: "desc" }, ...(args.status && { where: { status: args.status } }) };
      },
    },
    ...escalationPages,
  ),
}));

builder.prismaObjectFields(WorkstreamType, (t) => ({
  answer: t.relation("answer", {
    nullable: true,
    description:
      "The newest escalation whose answer whoever works on it is to follow; null when there is none.",
  }),
  guidance: t.string({
    nullable: true,
    description: "What the person wrote in that answer, for the agent; null when nothing was written.",
    select: { answer: { select: { founderGuidance: true } } },
    resolve: ({ answer }) => answer?.founderGuidance ?? null,
  }),
}));

builder.prismaObjectFields(UserType, (t) => ({
  escalations: t.prismaConnection(
    {
      type: EscalationType,
      cursor: "id",
      complexity: pageComplexity,
      description:
        "The questions of agents over all projects that the viewer sees, newest first; `status: PENDING` is the inbox. Empty for anybody but the viewer.",
      extensions: { pagedList: INBOX },
      args: {
        status: t.arg({ type: EscalationStatusEnum, description: "Only those that stand so." }),
      },
      // Spread in any case: Pothos takes a query that was not read for a forgotten one.
      resolve: ({ ...query }, { id }, args, { prisma, viewer }) => {
        checkPage(args);
        if (id !== viewer.userId) return [];
        return prisma.agentEscalation.findMany({
          ...query,
          where: inboxOf(viewer, args.status),
          orderBy: { id: "desc" },
        });
      },
      // Without a statement where there is nothing: many users may stand in one answer.
      totalCount: ({ id }, args, { prisma, viewer }) =>
        id === viewer.userId ? prisma.agentEscalation.count({ where: inboxOf(viewer, args.status) }) : 0,
    },
    ...escalationPages,
  ),
  pendingEscalationCount: t.int({
    description: "How many of those wait for an answer; 0 for anybody but the viewer.",
    resolve: async ({ id }, _args, { loaders }) => (await loaders.pendingEscalationCounts.load(id)) ?? 0,
  }),
}));

/** Here and not with the others: users lead to projects, and those to escalations. */
builder.prismaObjectFields(EscalationType, (t) => ({
  resolvedBy: t.field({
    type: UserType,
    nullable: true,
    description:
      "Who answered it; null while it is pending, when the system closed it, and for an AGENT unless it was the owner or the viewer.",
    select: (_args, _context, nested) => ({
      projectId: true,
      project: { select: { ownerId: true } },
      resolver: nested(true),
    }),
    resolve: async ({ projectId, project, resolver, resolvedBy: id }, _args, { viewer, loaders }) => {
      if (id === null || id === viewer.userId || id === project.ownerId) return resolver;
      const role = await loaders.roles.load(projectId);
      return roleAllows(role, "READ_MEMBERS") ? resolver : null;
    },
  }),
}));
