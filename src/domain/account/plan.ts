export const PLANS = ["BOOTSTRAPPER", "PARTNER", "CTO_SCALE"] as const;
/** What an owner pays for. The order is the rank: a later plan opens everything that an earlier one does. */
export type Plan = (typeof PLANS)[number];

export interface PlanTier {
  readonly plan: Plan;
  readonly name: string;
  readonly description: string;
  /** Unarchived projects that one owner may have at a time. */
  readonly maxProjects: number;
  /** Model tokens, input and output together, per UTC day. */
  readonly tokensPerDay: number;
  /** Models that may take part in one discussion. */
  readonly maxModels: number;
}

/** The three plans, cheapest first. The database's rows are made from these at every start. */
export const PLAN_TIERS: readonly PlanTier[] = [
  {
    plan: "BOOTSTRAPPER",
    name: "Bootstrapper",
    description: "Core sections of every document, for founders who start alone.",
    maxProjects: 5,
    tokensPerDay: 500_000,
    maxModels: 2,
  },
  {
    plan: "PARTNER",
    name: "Partner",
    description: "Business sections as well, for a founder with a partner.",
    maxProjects: 25,
    tokensPerDay: 2_000_000,
    maxModels: 4,
  },
  {
    plan: "CTO_SCALE",
    name: "CTO scale",
    description: "Every section, for teams that run many products.",
    maxProjects: 1_000,
    tokensPerDay: 10_000_000,
    maxModels: 10,
  },
];

/** Whether exports of a plan's projects keep silent about the program that made them: from PARTNER on. */
export function isWhiteLabel(plan: Plan): boolean {
  return plan !== "BOOTSTRAPPER";
}
