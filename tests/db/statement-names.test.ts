import { describe, expect, test } from "vitest";
import { statementNames } from "../../src/db/statement-names.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";

describe("statement names", () => {
  test("are the same for the same SQL and differ for other SQL", () => {
    const nameOf = statementNames();
    const first = nameOf({ sql: "SELECT 1" });
    expect(nameOf({ sql: "SELECT 2" })).not.toBe(first);
    expect(nameOf({ sql: "SELECT 1" })).toBe(first);
  });

  test("are not given past the bound, and those that were stay", () => {
    const nameOf = statementNames(1);
    const first = nameOf({ sql: "SELECT 1" });
    expect(nameOf({ sql: "SELECT 2" })).toBeUndefined();
    expect(nameOf({ sql: "SELECT 1" })).toBe(first);
  });
});

describe.skipIf(!postgresAvailable)("on PostgreSQL (needs TEST_POSTGRES_URL)", () => {
  test("a statement that is sent again is prepared once and answers the same", async () => {
    const database = await createPostgresTestDatabase();
    try {
      // One transaction is one connection: what it has prepared can be seen from inside.
      await database.prisma.$transaction(async (tx) => {
        const ask = () => tx.planTier.findMany({ orderBy: { rank: "asc" } });
        const answers = [await ask(), await ask(), await ask()];
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[2]).toEqual(answers[0]);
        const prepared = await tx.$queryRaw<{ count: bigint }[]>`
          SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%plan_tier%' AND name ~ '^s[0-9]+$'`;
        expect(prepared).toEqual([{ count: 2n }]);
      });
    } finally {
      await database.close();
    }
  });
});
