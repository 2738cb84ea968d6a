import { PlanEnum, PlanTierType } from "../../schema/account/plan-tier.ts";
import { UserType } from "../../schema/account/user.ts";
import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { adoptProjects } from "../../services/account/adopt-projects.ts";
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

commandField("adoptProjects", {
  description:
    "Gives all projects of the local user, whom nobody is while authentication is on, to somebody; archived ones too, and whatever their plan allows. They get the local user's plan where that is the higher one. The local user stays a member, an EDITOR, by whose keys agents go on. Only for administrators.",
  input: (t) => ({
    subject: t.string({
      required: true,
      description:
        "The `sub` of the tokens of whoever is to own them, of your own issuer; they need not have signed in yet. 1 to 255 characters.",
    }),
  }),
  success: (t) => ({
    user: user(t),
    projects: t.int({
      description: "How many projects were given to them.",
      resolve: ({ part }) => Number(part),
    }),
  }),
  run: (input, caller, { services, viewer }) => adoptProjects(services, caller, viewer.isAdmin, input),
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
