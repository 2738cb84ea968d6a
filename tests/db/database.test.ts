import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { createPostgresTestDatabase, createTestDatabase, postgresAvailable } from "../support/database.ts";
import { adminUrl, databaseUrl } from "../support/postgres-server.ts";
import { insertRow, insertValidRows, VALID_ROWS } from "./rows.ts";

describe("a database", () => {
  test("tells each SQL statement that Prisma runs, one for a nested read", async () => {
    const statements: string[] = [];
    const database = await createTestDatabase({ onStatement: (sql) => statements.push(sql) });
    await insertValidRows(database);
    statements.length = 0;
    const projects = await database.prisma.project.findMany({ include: { events: true, gates: true } });
    expect(projects[0]?.events).toHaveLength(1);
    expect(statements).toEqual([expect.stringMatching(/^SELECT .*JOIN LATERAL/s)]);
    await database.close();
  });

  test("does not answer after it is closed", async () => {
    const database = await createTestDatabase();
    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
    await expect(database.ping()).rejects.toThrow();
  });
});

describe.skipIf(!postgresAvailable)("a PostgreSQL server", () => {
  const embeddedPath = "unused";

  test("without the database is a clear error, without the password", async () => {
    const url = new URL(databaseUrl("gatehouse_missing"));
    url.password = "s3cret";
    const opening = openDatabase({ databaseUrl: url.href, embeddedPath });
    await expect(opening).rejects.toMatchObject({
      name: "DatabaseUnavailableError",
      message: expect.stringContaining('"gatehouse_missing" of DATABASE_URL'),
    });
    await expect(opening).rejects.not.toThrow("s3cret");
  });

  test("that does not answer is a clear error", async () => {
    const url = new URL(adminUrl ?? "");
    url.port = "1";
    await expect(openDatabase({ databaseUrl: url.href, embeddedPath })).rejects.toThrow("does not answer");
  });

  test("takes the options of its URL as well", async () => {
    const original = await createPostgresTestDatabase();
    if (original.driver.kind !== "postgres") throw new Error("not PostgreSQL");
    const url = new URL(original.driver.connectionString);
    url.searchParams.set("options", "-c statement_timeout=4321 -c TimeZone=Asia/Kolkata");
    const database = await openDatabase({ databaseUrl: url.href, embeddedPath });
    const settings = await database.prisma.$queryRaw`
      SELECT current_setting('statement_timeout') AS timeout, current_setting('TimeZone') AS zone`;
    expect(settings).toEqual([{ timeout: "4321ms", zone: "UTC" }]);
    await database.close();
    await original.close();
  });

  test("in another time zone stores and returns the same moments", async () => {
    const original = await createPostgresTestDatabase();
    if (original.driver.kind !== "postgres") throw new Error("not PostgreSQL");
    const { connectionString, pool } = original.driver;
    const name = new URL(connectionString).pathname.slice(1);
    await pool.query(`ALTER DATABASE ${name} SET TimeZone = 'Asia/Kolkata'`);
    const database = await openDatabase({ databaseUrl: connectionString, embeddedPath, poolSize: 1 });
    await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
    const createdAt = new Date("2026-03-29T01:30:00.123Z");
    const user = { id: VALID_ROWS.user_account.id, issuer: "i", subject: "s", updatedAt: createdAt };
    await database.prisma.user.create({ data: { ...user, createdAt } });
    const [stored] = await database.prisma.$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM created_at) * 1000)::float8 AS ms FROM user_account`;
    expect(stored?.ms).toBe(createdAt.getTime());
    expect((await database.prisma.user.findFirstOrThrow()).createdAt).toEqual(createdAt);
    await database.close();
    await original.close();
  });
});
