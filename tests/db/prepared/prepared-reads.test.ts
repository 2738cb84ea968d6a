import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { isOutage } from "../../../src/db/outage.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../../support/database.ts";

const id = (number: number) => `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const AT = new Date("2026-01-01T00:00:00.010Z");
const HASH = "0".repeat(64);

describe.skipIf(!postgresAvailable)("reads by prepared statements (need TEST_POSTGRES_URL)", () => {
  let database: Database;
  const statements: string[] = [];

  beforeAll(async () => {
    database = await createPostgresTestDatabase({ onStatement: (sql) => statements.push(sql) });
    const { prisma } = database;
    await prisma.planTier.create({
      data: { plan: "PARTNER", rank: 1, name: "P", description: "", maxProjects: 9, tokensPerDay: 9 },
    });
    await prisma.user.create({
      data: { id: id(1), issuer: "i", subject: "s", plan: "PARTNER", createdAt: AT, updatedAt: AT },
    });
    for (const number of [2, 3, 4]) {
      const createdAt = new Date(Date.UTC(2026, 0, number, 1, 2, 3, number * 100));
      await prisma.project.create({
        data: {
          id: id(number),
          ownerId: id(1),
          name: `"Nö ${number}" \\ \u2028`,
          description: "",
          eventSequence: 0,
          eventHash: HASH,
          createdAt,
          updatedAt: createdAt,
          settings: { deep: [1.5, null, { a: "2026-01-01T00:00:00.000Z" }] },
          stageConfigs: {
            create: [1, 2].map((stageNumber) => ({
              id: id(number * 10 + stageNumber),
              stageNumber,
              milestones: { m: { weight: 1 } },
              exitCriteria: [],
              createdAt,
              updatedAt: createdAt,
            })),
          },
        },
      });
    }
  });
  afterAll(() => database.close());
  beforeEach(() => {
    statements.length = 0;
  });

  type Delegate = Record<string, (args: object) => Promise<unknown>>;
  const projects = (client: "prisma" | "reads") => database[client].project as unknown as Delegate;

  /** Asks until the read is one by a statement that is known, and gives what it and Prisma answer. */
  async function both(method: string, args: () => object) {
    await vi.waitFor(async () => {
      statements.length = 0;
      await projects("reads")[method]?.(args());
      expect(statements).toHaveLength(1);
      expect(statements[0]).toContain('"_statement"');
    });
    const theirs = await projects("prisma")[method]?.(args());
    return { ours: await projects("reads")[method]?.(args()), theirs };
  }

  const ALL = {
    id: true,
    name: true,
    stageNumber: true,
    archivedAt: true,
    createdAt: true,
    settings: true,
    owner: { select: { id: true, createdAt: true, planTier: { select: { name: true, maxProjects: true } } } },
    stageConfigs: {
      orderBy: { stageNumber: "asc" },
      take: -1,
      select: {
        stageNumber: true,
        milestones: true,
        updatedAt: true,
        project: { select: { createdAt: true } },
      },
    },
    gates: { select: { id: true, decidedAt: true } },
    _count: { select: { stageConfigs: { where: { stageNumber: 1 } }, gates: true } },
  };

  test.each([
    [
      "findMany",
      "a page",
      () => ({ select: ALL, where: { ownerId: id(1) }, orderBy: { id: "desc" }, take: 2 }),
    ],
    [
      "findMany",
      "the end of a list",
      () => ({ select: ALL, where: { ownerId: id(1) }, orderBy: { id: "asc" }, take: -2 }),
    ],
    ["findMany", "nothing", () => ({ select: ALL, where: { ownerId: id(9) } })],
    ["findMany", "a list of ids", () => ({ select: { id: true }, where: { id: { in: [id(2), id(4)] } } })],
    ["findUnique", "one", () => ({ select: ALL, where: { id: id(3) } })],
    ["findUnique", "none", () => ({ select: ALL, where: { id: id(9) } })],
    ["findUniqueOrThrow", "one that must be", () => ({ select: ALL, where: { id: id(3) } })],
    [
      "findFirst",
      "the first",
      () => ({ select: ALL, where: { ownerId: id(1) }, orderBy: { id: "asc" }, skip: 1 }),
    ],
    ["count", "how many", () => ({ where: { ownerId: id(1), archivedAt: null } })],
  ] as const)("%s gives %s as Prisma does", async (method, _what, args) => {
    const { ours, theirs } = await both(method, args);
    expect(ours).toStrictEqual(theirs);
  });

  test("a shape takes other values than those that it was prepared with", async () => {
    const named = (owner: string, number: number) => ({
      select: { id: true },
      where: { ownerId: owner, id: { not: id(number) }, name: { not: "x" } },
      take: 5,
    });
    await both("findMany", () => named(id(1), 2));
    statements.length = 0;
    expect(await projects("reads").findMany?.(named(id(1), 3))).toEqual([{ id: id(2) }, { id: id(4) }]);
    expect(await projects("reads").findMany?.(named(id(9), 3))).toEqual([]);
    expect(await projects("reads").findMany?.({ ...named(id(1), 3), take: 1 })).toEqual([{ id: id(2) }]);
    expect(statements).toHaveLength(3);
  });

  test("one read by id is a prepared statement, and several at once are one of Prisma's", async () => {
    const one = (number: number) => ({ select: { id: true }, where: { id: id(number) } });
    await both("findUnique", () => one(2));
    statements.length = 0;
    const found = await Promise.all([2, 3, 4].map((number) => projects("reads").findUnique?.(one(number))));
    expect(found).toEqual([{ id: id(2) }, { id: id(3) }, { id: id(4) }]);
    expect(statements).toHaveLength(1);
  });

  describe("short reads by id, each in its own moment of a turn", () => {
    const one = (number: number) => ({ select: { id: true, version: true }, where: { id: id(number) } });
    const TURN = [2, 3, 4, 9, 3, 2];

    /** Not all at once, which would be one read of Prisma's. */
    async function inOneTurn(read: (number: number) => Promise<unknown> | undefined): Promise<unknown[]> {
      const found: (Promise<unknown> | undefined)[] = [];
      for (const number of TURN) {
        found.push(read(number));
        await new Promise<void>((resolve) => process.nextTick(resolve));
      }
      return Promise.all(found);
    }

    /** How often a connection is taken from the pool meanwhile. */
    async function connectionsOf(work: () => Promise<unknown>): Promise<number> {
      if (database.driver.kind !== "postgres") throw new Error("No pool.");
      const { pool } = database.driver;
      let taken = 0;
      const count = () => {
        taken += 1;
      };
      pool.on("acquire", count);
      await work().finally(() => pool.off("acquire", count));
      return taken;
    }

    test("go to the database four together, and each gets its own row", async () => {
      await both("findUnique", () => one(2));
      let found: unknown[] = [];
      const taken = await connectionsOf(async () => {
        found = await inOneTurn((number) => projects("reads").findUnique?.(one(number)));
      });
      expect(found).toEqual(TURN.map((number) => (number === 9 ? null : { id: id(number), version: 1 })));
      expect(taken).toBe(2);
    });

    test("one that fails is told so, and those that went with it are read all the same", async () => {
      const named = (text: string) => ({
        select: { id: true, subject: true },
        where: { issuer_subject: { issuer: "i", subject: text } },
      });
      const users = (client: "prisma" | "reads") => database[client].user as unknown as Delegate;
      await vi.waitFor(async () => {
        statements.length = 0;
        await users("reads").findUnique?.(named("s"));
        expect(statements[0]).toContain('"_statement"');
      });
      await users("reads").findUnique?.(named("s"));
      const found = inOneTurn((number) =>
        // PostgreSQL has no such character in a text.
        users("reads")
          .findUnique?.(named(number === 4 ? "\0" : "s"))
          .catch((error: unknown) => String(error)),
      );
      const user = { id: id(1), subject: "s" };
      expect(await found).toEqual([user, user, expect.stringMatching(/invocation/), user, user, user]);
    });

    test("long ones and lists go by themselves", async () => {
      const long = (number: number) => ({
        select: { name: true, description: true },
        where: { id: id(number) },
      });
      const description = "x".repeat(5_000);
      await database.prisma.project.updateMany({ where: { id: id(3) }, data: { description } });
      await both("findUnique", () => long(3));
      const three = () => inOneTurn(() => projects("reads").findUnique?.(long(3)));
      expect(await connectionsOf(three)).toBe(TURN.length);
      const list = () => ({ select: { id: true, version: true }, where: { ownerId: id(1) } });
      await both("findMany", list);
      const lists = () => inOneTurn(() => projects("reads").findMany?.(list()));
      expect(await connectionsOf(lists)).toBe(TURN.length);
    });
  });

  test("the same read many times at once gives each its own", async () => {
    const page = (take: number) => ({
      select: { id: true },
      orderBy: { id: "asc" },
      where: { ownerId: id(1) },
      take,
    });
    const found = await Promise.all(
      Array.from({ length: 40 }, (_, at) => projects("reads").findMany?.(page((at % 3) + 1))),
    );
    for (const [at, rows] of found.entries()) expect(rows).toHaveLength((at % 3) + 1);
  });

  test("what is wrong is said by Prisma", async () => {
    const wrong = { select: { nothing: true }, where: { name: "x" } };
    for (let time = 0; time < 3; time += 1) {
      await expect(projects("reads").findMany?.(wrong)).rejects.toThrow("Unknown field `nothing`");
    }
    const noId = (text: string) => ({ select: { id: true, name: true }, where: { ownerId: text } });
    await both("findMany", () => noId(id(1)));
    await expect(projects("reads").findMany?.(noId("nonsense"))).rejects.toThrow(/invocation/);
    const must = (number: number) => ({ select: { id: true, version: true }, where: { id: id(number) } });
    await both("findUniqueOrThrow", () => must(2));
    await expect(projects("reads").findUniqueOrThrow?.(must(9))).rejects.toMatchObject({ code: "P2025" });
  });

  /** A database with one plan tier that is reached over one connection, so that the test meets what the reads have prepared. */
  async function onOneConnection(work: (database: Database, pool: pg.Pool) => Promise<void>): Promise<void> {
    const single = await createPostgresTestDatabase({ poolSize: 1 });
    try {
      if (single.driver.kind !== "postgres") throw new Error("No pool.");
      await single.prisma.planTier.create({
        data: { plan: "PARTNER", rank: 1, name: "P", description: "", maxProjects: 9, tokensPerDay: 9 },
      });
      await work(single, single.driver.pool);
    } finally {
      await single.close();
    }
  }

  test("a row of another statement is an error, never an answer, and its connection is not used again", async () => {
    await onOneConnection(async ({ reads }, pool) => {
      const ask = () => reads.planTier.findMany({ select: { name: true }, where: { plan: "PARTNER" } });
      const prepared = async () =>
        (await pool.query(`SELECT name FROM pg_prepared_statements WHERE statement LIKE '%"_statement"%'`))
          .rows;
      await expect
        .poll(async () => {
          await ask();
          return prepared();
        })
        .toHaveLength(1);
      const [{ name }] = await prepared();
      const pid = async () => (await pool.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
      const before = await pid();
      await pool.query(`DEALLOCATE "${name}"`);
      await pool.query(`PREPARE "${name}" (text) AS SELECT 'x' AS "_statement", $1 AS name`);
      await expect(ask()).rejects.toThrow("A row of another statement");
      expect(await pid()).not.toBe(before);
      expect(await ask()).toEqual([{ name: "P" }]);
    });
  });

  test("columns that a migration has changed are read anew", async () => {
    await onOneConnection(async ({ reads }, pool) => {
      const ask = () => reads.planTier.findMany({ select: { rank: true }, where: { plan: "PARTNER" } });
      for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual([{ rank: 1 }]);
      await pool.query("ALTER TABLE plan_tier ALTER COLUMN rank TYPE bigint");
      // What is prepared on this connection can no longer be run, and the next one prepares it anew.
      await ask().catch(() => {});
      for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual([{ rank: 1 }]);
    });
  });

  test("a database that is away is an outage", async () => {
    const args = { select: { id: true, version: true }, where: { ownerId: id(1) } };
    const away = await createPostgresTestDatabase();
    const reads = away.reads.project as unknown as Delegate;
    await reads.findMany?.(args);
    await new Promise((resolve) => setImmediate(resolve));
    await reads.findMany?.(args);
    await away.close();
    const error = await reads.findMany?.(args).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(isOutage(error) || /pool/.test(String(error))).toBe(true);
  });
});
