import { describe, expect, test } from "vitest";
import { StatementNames } from "../../src/db/statement-names.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";

describe("statement names", () => {
  test("are the same for the same SQL and differ for other SQL", () => {
    const names = new StatementNames();
    const first = names.nameOf("SELECT 1");
    expect(names.nameOf("SELECT 2")).not.toBe(first);
    expect(names.nameOf("SELECT 1")).toBe(first);
  });

  test("are not given to a statement that is larger than the bound", () => {
    const names = new StatementNames({ maxBytes: 0 });
    expect(names.nameOf("SELECT 1")).toBeUndefined();
  });

  test("never come to mean another statement, however many there are", () => {
    const names = new StatementNames({ maxBytes: 4_000 });
    const sqlOf = new Map<string, string>();
    for (let number = 0; number < 3_000; number += 1) {
      const sql = `SELECT ${number % 700}`;
      const name = names.nameOf(sql) ?? "";
      expect(sqlOf.get(name) ?? sql).toBe(sql);
      sqlOf.set(name, sql);
    }
    expect(sqlOf.size).toBe(700);
  });
});

describe.skipIf(!postgresAvailable)("on PostgreSQL (needs TEST_POSTGRES_URL)", () => {
  /** A connection's prepared statements, as PostgreSQL has them. */
  const PREPARED = "SELECT statement FROM pg_prepared_statements";

  async function withDatabase(
    statements: NonNullable<ConstructorParameters<typeof StatementNames>[0]>,
    work: (
      send: (sql: string, ...values: number[]) => Promise<unknown[]>,
      prepared: () => Promise<string[]>,
    ) => Promise<void>,
  ): Promise<void> {
    // One connection: what it has prepared can be seen from inside.
    const database = await createPostgresTestDatabase({ poolSize: 1, caches: { statements } });
    const { driver, prisma } = database;
    if (driver.kind !== "postgres") throw new Error("No pool.");
    try {
      await work(
        (sql, ...values) => prisma.$queryRawUnsafe(sql, ...values),
        async () => (await driver.pool.query(PREPARED)).rows.map(({ statement }) => statement).toSorted(),
      );
    } finally {
      await database.close();
    }
  }

  const numbered = (number: number) => `SELECT $1::int AS "n${number}"`;

  test("a statement that is sent again is prepared once and answers the same", async () => {
    await withDatabase({}, async (send, prepared) => {
      for (const value of [1, 2, 3]) expect(await send(numbered(0), value)).toEqual([{ n0: value }]);
      expect(await prepared()).toEqual([numbered(0)]);
    });
  });

  test("statements past the bound answer right, and those that have gone are closed on the connection", async () => {
    // Room for about three.
    await withDatabase({ maxBytes: 10_000 }, async (send, prepared) => {
      for (let round = 0; round < 3; round += 1) {
        for (let number = 0; number < 40; number += 1) {
          expect(await send(numbered(number), round)).toEqual([{ [`n${number}`]: round }]);
          expect((await prepared()).length).toBeLessThanOrEqual(3);
        }
      }
    });
  });

  test("a statement that is sent again and again stays prepared while others come and go", async () => {
    await withDatabase({ maxBytes: 10_000 }, async (send, prepared) => {
      for (let number = 1; number < 40; number += 1) {
        await send(numbered(0), number);
        await send(numbered(number), number);
        expect(await prepared()).toContain(numbered(0));
      }
    });
  });

  test("a statement that nobody has sent for a while is closed", async () => {
    let now = 0;
    await withDatabase({ maxIdleMs: 1_000, now: () => now }, async (send, prepared) => {
      await send(numbered(1), 1);
      now = 600;
      await send(numbered(2), 2);
      expect(await prepared()).toEqual([numbered(1), numbered(2)]);
      now = 1_200;
      await send(numbered(2), 3);
      expect(await prepared()).toEqual([numbered(2)]);
    });
  });

  test("a statement that fails does not stay in the way of itself or of others", async () => {
    await withDatabase({ maxBytes: 10_000 }, async (send) => {
      const half = `SELECT 1 / $1::int AS "n"`;
      for (let number = 0; number < 10; number += 1) {
        await expect(send(half, 0)).rejects.toThrow("division by zero");
        expect(await send(half, 1)).toEqual([{ n: 1 }]);
        expect(await send(numbered(number), number)).toEqual([{ [`n${number}`]: number }]);
      }
    });
  });
});
