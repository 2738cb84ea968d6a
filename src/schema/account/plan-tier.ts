import type { PLANS } from "../../domain/account/plan.ts";
import { builder } from "../builder.ts";

export const PlanEnum = builder.enumType("Plan", {
  description: "What an owner pays for. Each plan opens everything that the ones before it do.",
  values: {
    BOOTSTRAPPER: { description: "Core sections of every document." },
    PARTNER: { description: "Business sections as well." },
    CTO_SCALE: { description: "Strategic sections as well: everything." },
  } satisfies Record<(typeof PLANS)[number], { description: string }>,
});

export const PlanTierType = builder.prismaObject("PlanTier", {
  description: "A plan and what it allows.",
  select: { plan: true },
  fields: (t) => ({
    plan: t.field({
      type: PlanEnum,
      description: "Which plan this is.",
      resolve: ({ plan }) => plan as (typeof PLANS)[number],
    }),
    name: t.exposeString("name", { description: "Its name for people." }),
    description: t.exposeString("description", { description: "What it is for." }),
    maxProjects: t.exposeInt("maxProjects", {
      description: "How many unarchived projects an owner may have at a time.",
    }),
    tokensPerDay: t.exposeInt("tokensPerDay", {
      description: "How many model tokens, input and output together, an owner may use per UTC day.",
    }),
    maxModels: t.exposeInt("maxModels", {
      description: "How many models may take part in one discussion.",
    }),
  }),
});
