import { v7 } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createUserDirectory } from "../../src/auth/users.ts";
import type { Database } from "../../src/db/database.ts";
import { createTestDatabase } from "../support/database.ts";

const now = new Date("2026-01-02T03:04:05Z");
let db: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.prisma.planTier.upsert({
    where: { plan: "BOOTSTRAPPER" },
    create: {
      plan: "BOOTSTRAPPER",
      rank: 0,
      name: "Bootstrapper",
      description: "",
      maxProjects: 1,
      tokensPerDay: 1,
    },
    update: {},
  });
});
afterAll(() => db.close());

const directory = () => createUserDirectory({ prisma: db.prisma, clock: { now: () => now }, newId: v7 });
const ada = { issuer: "https://id.test", subject: "ada", displayName: "Ada" };

it("makes the row on first sight, on the cheapest plan, and finds it again", async () => {
  const id = await directory().idOf(ada);
  expect(await directory().idOf(ada)).toBe(id);
  expect(await db.prisma.user.findUniqueOrThrow({ where: { id } })).toEqual({
    ...ada,
    id,
    plan: "BOOTSTRAPPER",
    suspendedAt: null,
    createdAt: now,
    updatedAt: now,
  });
});

it("makes one row when requests race on several nodes", async () => {
  const bob = { ...ada, subject: "bob" };
  const ids = await Promise.all(Array.from({ length: 8 }, () => directory().idOf(bob)));
  expect(new Set(ids).size).toBe(1);
  expect(await db.prisma.user.count({ where: { subject: "bob" } })).toBe(1);
});

it("keeps the same subject of two issuers apart", async () => {
  const other = await directory().idOf({ ...ada, issuer: "https://other.test" });
  expect(other).not.toBe(await directory().idOf(ada));
});
