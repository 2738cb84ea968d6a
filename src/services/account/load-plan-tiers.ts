import { PLAN_TIERS } from "../../domain/account/plan.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";

/** Makes the plan rows what the code says they are. Safe to run at every start, and on several nodes at once. */
export async function loadPlanTiers(prisma: PrismaClient): Promise<void> {
  for (const [rank, tier] of PLAN_TIERS.entries()) {
    const { plan, ...limits } = tier;
    await prisma.$executeRaw`
      INSERT INTO plan_tier (plan, rank, name, description, max_projects, tokens_per_day, max_models)
      VALUES (${plan}, ${rank}, ${limits.name}, ${limits.description}, ${limits.maxProjects}, ${limits.tokensPerDay}, ${limits.maxModels})
      ON CONFLICT (plan) DO UPDATE SET rank = EXCLUDED.rank, name = EXCLUDED.name,
        description = EXCLUDED.description, max_projects = EXCLUDED.max_projects,
        tokens_per_day = EXCLUDED.tokens_per_day, max_models = EXCLUDED.max_models`;
  }
}
