import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { NotStoredError } from "../../src/db/outage.ts";
import { Prisma } from "../../src/generated/prisma/client.ts";
import { createPostgresTestDatabase, createTestDatabase, postgresAvailable } from "../support/database.ts";

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());

const ROW = { key: "test", value: "a" };
const OF_TEST = { where: { key: ROW.key } };

describe("a raw statement in a transaction", () => {
  const when = new Date("2026-02-03T04:05:06.789Z");
  const bytes = new Uint8Array([0, 1, 254, 255]);
  const id = "0193b5a0-0000-7000-8000-000000000001";

  test.each([
    [
      "numbers",
      Prisma.sql`SELECT 1 AS a, 2::bigint AS b, 1.5::float8 AS c, 12345678901234567890.5::numeric AS d`,
    ],
    ["texts", Prisma.sql`SELECT 'a'::text AS a, 'b'::varchar AS b, 'c'::char(3) AS c, ${id}::uuid AS d`],
    [
      "moments",
      Prisma.sql`SELECT ${when}::timestamptz AS a, ${when}::timestamp AS b, ${when}::date AS c, '04:05:06'::time AS d`,
    ],
    [
      "JSON",
      Prisma.sql`SELECT '{"a": [1, null]}'::jsonb AS a, '"x"'::json AS b, ${JSON.stringify([1])}::jsonb AS c`,
    ],
    ["an object", Prisma.sql`SELECT ${{ a: { b: "c" } }}::jsonb AS a`],
    [
      "truths, bytes and nothing",
      Prisma.sql`SELECT ${true} AS a, ${bytes}::bytea AS b, ${null}::text AS c, ${undefined}::int AS d`,
    ],
    [
      "bigger numbers",
      Prisma.sql`SELECT ${9007199254740993n}::bigint AS a, ${new Prisma.Decimal("0.1")}::numeric AS b`,
    ],
    [
      "lists",
      Prisma.sql`SELECT ${["a", "b"]}::text[] AS a, ${[1, 2]}::int[] AS b, ${[when]}::timestamptz[] AS c, ${[] as string[]}::text[] AS d`,
    ],
    [
      "lists of what is read",
      Prisma.sql`SELECT ARRAY[1, NULL]::bigint[] AS a, ARRAY['{}']::jsonb[] AS b, ARRAY[1.5]::numeric[] AS c`,
    ],
    ["no rows", Prisma.sql`SELECT 1 AS a WHERE false`],
    ["two rows", Prisma.sql`SELECT * FROM (VALUES (1, 'x'), (2, NULL)) AS v(a, b)`],
  ])("answers what the client itself does: %s", async (_, statement) => {
    const outside = await database.prisma.$queryRaw(statement);
    const inside = await database.prisma.$transaction((tx) => tx.$queryRaw(statement));
    expect(inside).toEqual(outside);
  });

  test("says how many rows it has changed, and takes text with numbered places too", async () => {
    const counts = await database.prisma.$transaction(async (tx) => {
      await tx.schemaMeta.create({ data: ROW });
      const one = await tx.$executeRaw`UPDATE schema_meta SET value = ${"b"} WHERE key = ${ROW.key}`;
      const none = await tx.$executeRawUnsafe(
        "UPDATE schema_meta SET value = $1 WHERE key = $2",
        "c",
        "NONE",
      );
      const rows = await tx.$queryRawUnsafe("SELECT value FROM schema_meta WHERE key = $1", ROW.key);
      await tx.schemaMeta.delete(OF_TEST);
      return { one, none, rows };
    });
    expect(counts).toEqual({ one: 1, none: 0, rows: [{ value: "b" }] });
  });

  test("that fails ends the transaction with its error", async () => {
    const failing = database.prisma.$transaction(async (tx) => {
      await tx.schemaMeta.create({ data: ROW });
      await tx.$queryRaw`SELECT 1 / 0`;
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    expect(await database.prisma.schemaMeta.count(OF_TEST)).toBe(0);
  });
});

describe("a transaction", () => {
  test("is one for raw statements and for models, whichever comes first", async () => {
    const insert = (tx: Prisma.TransactionClient) =>
      tx.$executeRaw`INSERT INTO schema_meta (key, value) VALUES (${ROW.key}, 'x')`;
    const undone = new Error("undone");
    const rawFirst = database.prisma.$transaction(async (tx) => {
      await insert(tx);
      expect(await tx.schemaMeta.count(OF_TEST)).toBe(1);
      throw undone;
    });
    await expect(rawFirst).rejects.toBe(undone);
    const modelFirst = database.prisma.$transaction(async (tx) => {
      await tx.schemaMeta.create({ data: ROW });
      expect(await tx.$queryRaw`SELECT value FROM schema_meta WHERE key = ${ROW.key}`).toEqual([
        { value: ROW.value },
      ]);
      throw undone;
    });
    await expect(modelFirst).rejects.toBe(undone);
    expect(await database.prisma.schemaMeta.count(OF_TEST)).toBe(0);
  });

  test("that has ended runs nothing more", async () => {
    const kept = await database.prisma.$transaction(async (tx) => ({ tx }));
    await expect(kept.tx.$queryRaw`SELECT 1`).rejects.toThrow("the transaction is over");
    await expect(kept.tx.schemaMeta.count()).rejects.toThrow();
  });

  test.each([
    ["raw statement", (tx: Prisma.TransactionClient) => tx.$queryRaw`SELECT 1`],
    ["model", (tx: Prisma.TransactionClient) => tx.schemaMeta.count()],
  ])("that takes too long is undone, and its next %s is refused", async (_, next) => {
    const { prisma } = database;
    const late = prisma.$transaction(
      async (tx) => {
        await tx.schemaMeta.create({ data: ROW });
        // Its rows are free again: this waits for whatever still holds them.
        await prisma.schemaMeta.create({ data: ROW });
        await next(tx);
      },
      { timeout: 50 },
    );
    await expect(late).rejects.toBeInstanceOf(NotStoredError);
    expect(await prisma.schemaMeta.count(OF_TEST)).toBe(1);
    await prisma.schemaMeta.delete(OF_TEST);
  });

  test("that finds no connection in time is not begun, and the connection that comes late is given back", async () => {
    const { prisma } = database;
    const release = Promise.withResolvers<void>();
    const begun = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
    const size = database.engine === "pglite" ? 1 : begun.length;
    const holders = begun.slice(0, size).map((started) =>
      prisma.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1`;
        started.resolve();
        await release.promise;
      }),
    );
    await Promise.all(begun.slice(0, size).map(({ promise }) => promise));
    const refused = prisma.$transaction((tx) => tx.$queryRaw`SELECT 1`, { maxWait: 20 });
    await expect(refused).rejects.toBeInstanceOf(NotStoredError);
    release.resolve();
    await Promise.all(holders);
    const again = Array.from({ length: size }, () =>
      prisma.$transaction((tx) => tx.$queryRaw`SELECT 1 AS one`),
    );
    expect(await Promise.all(again)).toEqual(Array(size).fill([{ one: 1 }]));
  });

  test.skipIf(!postgresAvailable)("takes the isolation level that it is given", async () => {
    const server = await createPostgresTestDatabase();
    onTestFinished(() => server.close());
    const level = await server.prisma.$transaction(
      (tx) => tx.$queryRaw`SELECT current_setting('transaction_isolation') AS level`,
      { isolationLevel: "RepeatableRead" },
    );
    expect(level).toEqual([{ level: "repeatable read" }]);
  });
});
