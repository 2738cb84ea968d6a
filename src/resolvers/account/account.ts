import { PlanEnum, PlanTierType } from "../../schema/account/plan-tier.ts";
import { UserType } from "../../schema/account/user.ts";
import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { setPlanTier } from "../../services/account/set-plan-tier.ts";

builder.queryField("viewer", (t) =>
  t.prismaField({
    type: UserType,
    description: "Who is asking.",
    resolve: (query, _root, _args, { prisma, viewer }) =>
      prisma.user.findUniqueOrThrow({ ...query, where: { id: viewer.userId } }),
  }),
);

builder.queryField("planTiers", (t) =>
  t.prismaField({
    type: [PlanTierType],
    description: "The plans, cheapest first.",
    resolve: (query, _root, _args, { prisma }) =>
      prisma.planTier.findMany({ ...query, orderBy: { rank: "asc" } }),
  }),
);

commandField("setPlanTier", {
  description: "Puts a user on another plan; it counts at once. Only for administrators.",
  input: (t) => ({
    userId: t.id({ required: true, description: "The user's id." }),
    plan: t.field({ type: PlanEnum, required: true, description: "The new plan." }),
  }),
  success: (t) => ({
    user: t.prismaField({
      type: UserType,
      description: "The user, as they are now.",
      resolve: (query, { id }, _args, { prisma }) =>
        prisma.user.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
  run: ({ userId, plan }, caller, { services, viewer }) =>
    setPlanTier(services, caller, viewer.isAdmin, { userId: decodeId("user", userId, "userId"), plan }),
});
