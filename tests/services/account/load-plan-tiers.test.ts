import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { PLAN_TIERS } from "../../../src/domain/account/plan.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../../support/database.ts";

const ROUNDS = 20;
const NODES = 8;
const ROWS = PLAN_TIERS.map((tier, rank) => ({ ...tier, rank }));

describe.skipIf(!postgresAvailable)("the plan tiers on PostgreSQL", () => {
  let database: Database;
  beforeAll(async () => {
    database = await createPostgresTestDatabase();
  });
  afterAll(() => database.close());
  const rows = () => database.prisma.planTier.findMany({ orderBy: { rank: "asc" } });

  test("are there once when several nodes start at once on a new database", async () => {
    const { prisma } = database;
    for (let round = 0; round < ROUNDS; round += 1) {
      await prisma.planTier.deleteMany();
      await Promise.all(Array.from({ length: NODES }, () => loadPlanTiers(prisma)));
      expect(await rows()).toEqual(ROWS);
    }
  });

  test("become again what the code says", async () => {
    const { prisma } = database;
    await loadPlanTiers(prisma);
    await prisma.planTier.updateMany({ data: { maxProjects: 1, name: "An older name" } });
    await loadPlanTiers(prisma);
    expect(await rows()).toEqual(ROWS);
  });
});
