import { PlanEnum, PlanTierType } from "../../schema/account/plan-tier.ts";
import { UserType } from "../../schema/account/user.ts";
import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { setPlanTier } from "../../services/account/set-plan-tier.ts";
import { reinstateUser, suspendUser } from "../../services/account/suspension.ts";
import type { InputBuilder, ResultBuilder } from "../stage/fields.ts";

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

const userId = (t: InputBuilder) => t.id({ required: true, description: "The user's id." });

const user = (t: ResultBuilder) =>
  t.prismaField({
    type: UserType,
    description: "The user, as they are now.",
    resolve: (query, { id }, _args, { prisma }) => prisma.user.findUniqueOrThrow({ ...query, where: { id } }),
  });

commandField("setPlanTier", {
  description: "Puts a user on another plan; it counts at once. Only for administrators.",
  input: (t) => ({
    userId: userId(t),
    plan: t.field({ type: PlanEnum, required: true, description: "The new plan." }),
  }),
  success: (t) => ({ user: user(t) }),
  run: (input, caller, { services, viewer }) =>
    setPlanTier(services, caller, viewer.isAdmin, {
      userId: decodeId("user", input.userId, "userId"),
      plan: input.plan,
    }),
});

commandField("suspendUser", {
  description:
    "Refuses a user everything from now on, with every key of theirs, and ends what they have open. Their data stays, and what other members may do. Only for administrators, and not for oneself.",
  input: (t) => ({ userId: userId(t) }),
  success: (t) => ({ user: user(t) }),
  run: (input, caller, { services, viewer }) =>
    suspendUser(services, caller, viewer.isAdmin, { userId: decodeId("user", input.userId, "userId") }),
});

commandField("reinstateUser", {
  description:
    "Lets a suspended user in again, with the keys of theirs that were not revoked. Only for administrators.",
  input: (t) => ({ userId: userId(t) }),
  success: (t) => ({ user: user(t) }),
  run: (input, caller, { services, viewer }) =>
    reinstateUser(services, caller, viewer.isAdmin, { userId: decodeId("user", input.userId, "userId") }),
});
