import { PLAN_TIERS } from "../../domain/account/plan.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";

/**
 * Makes the plan rows what the code says they are. Safe to run at every start, and on several nodes at once: they take turns at the
 * table, since ON CONFLICT answers for one unique key only, and two that insert the same row at once may meet in the other (rank).
 */
export async function loadPlanTiers(prisma: PrismaClient): Promise<void> {
  await prisma.$transaction([
    // Those who read the rows, or refer to them, do not wait.
    prisma.$executeRaw`LOCK TABLE plan_tier IN SHARE ROW EXCLUSIVE MODE`,
    ...PLAN_TIERS.map(
      ({ plan, name, description, maxProjects, tokensPerDay, maxModels }, rank) => prisma.$executeRaw`
        INSERT INTO plan_tier (plan, rank, name, description, max_projects, tokens_per_day, max_models)
        VALUES (${plan}, ${rank}, ${name}, ${description}, ${maxProjects}, ${tokensPerDay}, ${maxModels})
        ON CONFLICT (plan) DO UPDATE SET rank = EXCLUDED.rank, name = EXCLUDED.name,
          description = EXCLUDED.description, max_projects = EXCLUDED.max_projects,
          tokens_per_day = EXCLUDED.tokens_per_day, max_models = EXCLUDED.max_models`,
    ),
  ]);
}
