import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { migrationDrift } from "../../src/db/drift.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { migrate, pendingMigrations } from "../../src/db/migrate.ts";
import { MIGRATION_LOCK } from "../../src/db/migration-connection.ts";
import { migrationNames, migrationsDirectory, schemaDirectory } from "../../src/db/migration-files.ts";
import { newMigration } from "../../src/db/new-migration.ts";
import { createUnmigratedPostgresDatabase, postgresAvailable } from "../support/database.ts";
import { gatehouse } from "../support/process.ts";

const all = migrationNames();
let copy: string;
let migrations: string;
let schema: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "gatehouse-migrations-"));
  migrations = join(copy, "migrations");
  schema = join(copy, "schema");
  cpSync(migrationsDirectory, migrations, { recursive: true });
  cpSync(schemaDirectory, schema, { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));

function addMigration(name: string, sql: string): void {
  mkdirSync(join(migrations, name));
  writeFileSync(join(migrations, name, "migration.sql"), sql);
}

function addColumnToSchema(): void {
  const file = join(schema, "stage.prisma");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace("model Project {", "model Project {\n  colour String?"),
  );
}

async function tableNames({ prisma }: Database): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`;
  return rows.map((row) => row.name);
}

describe.each([
  { engine: "PGlite", available: true, open: () => openInMemory() },
  { engine: "PostgreSQL", available: postgresAvailable, open: () => createUnmigratedPostgresDatabase() },
])("on $engine", ({ available, open }) => {
  describe.skipIf(!available)("migrate", () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });
    afterEach(() => database.close());

    test("applies everything to a fresh database, and nothing the second time", async () => {
      expect(await pendingMigrations(database)).toEqual(all);
      expect(await migrate(database)).toEqual(all);
      expect(await pendingMigrations(database)).toEqual([]);
      expect(await migrate(database)).toEqual([]);
      expect(await database.prisma.project.count()).toBe(0);
    });

    test("applies only what is new", async () => {
      await migrate(database);
      addMigration("29990101000000_next", "CREATE TABLE next (id int); INSERT INTO next VALUES (1);");
      expect(await pendingMigrations(database, migrations)).toEqual(["29990101000000_next"]);
      expect(await migrate(database, migrations)).toEqual(["29990101000000_next"]);
      expect(await database.prisma.$queryRaw`SELECT id FROM next`).toEqual([{ id: 1 }]);
    });

    test("leaves nothing behind when a migration fails, says why, and works once it is repaired", async () => {
      addMigration("29990101000000_half", "CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);");
      await expect(migrate(database, migrations)).rejects.toMatchObject({
        name: "MigrationError",
        message: expect.stringContaining('relation "nowhere" does not exist'),
      });
      expect(await tableNames(database)).toEqual([]);

      rmSync(join(migrations, "29990101000000_half"), { recursive: true });
      expect(await migrate(database, migrations)).toEqual(all);
    });
  });
});

describe.skipIf(!postgresAvailable)("several processes on PostgreSQL", () => {
  test("migrate at the same time: one applies, the others find nothing to do", async () => {
    const database = await createUnmigratedPostgresDatabase();
    if (database.driver.kind !== "postgres") throw new Error("not PostgreSQL");
    const env = { DATABASE_URL: database.driver.connectionString };
    const runs = await Promise.all([1, 2, 3].map(() => gatehouse(["migrate"], env)));
    const applied = `${all.map((name) => `applied ${name}`).join("\n")}\n`;
    expect(runs.map((run) => run.stdout).sort()).toEqual([applied, "up to date\n", "up to date\n"]);
    expect(await pendingMigrations(database)).toEqual([]);
    await database.close();
  });

  test("wait for the one that is migrating", async () => {
    const database = await createUnmigratedPostgresDatabase();
    if (database.driver.kind !== "postgres") throw new Error("not PostgreSQL");
    const { pool } = database.driver;
    const other = await pool.connect();
    await other.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    let done = false;
    const migrating = migrate(database).finally(() => {
      done = true;
    });
    const waiting = async () => {
      const { rowCount } = await pool.query(
        `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted AND objid = $1`,
        [MIGRATION_LOCK],
      );
      return rowCount === 1;
    };
    while (!(await waiting())) expect(done).toBe(false);
    await other.query("SELECT pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    other.release();
    expect(await migrating).toEqual(all);
    await database.close();
  });
});

describe("drift", () => {
  test("is none: the migrations build what prisma/schema describes", async () => {
    expect(await migrationDrift()).toBe(false);
  });

  test("is found when the schema has a column that no migration makes", async () => {
    addColumnToSchema();
    expect(await migrationDrift({ schema })).toBe(true);
  });
});

describe("a new migration", () => {
  const now = new Date("2999-01-02T03:04:05.678Z");

  test("is what the schema is ahead of the others, and ends the drift", async () => {
    addColumnToSchema();
    const name = await newMigration("add_colour", now, { migrations, schema });
    expect(name).toBe("29990102030405_add_colour");
    expect(readFileSync(join(migrations, name, "migration.sql"), "utf8")).toContain(
      'ALTER TABLE "project" ADD COLUMN     "colour" TEXT',
    );
    expect(await migrationDrift({ migrations, schema })).toBe(false);
  });

  test("is refused when nothing has changed", async () => {
    await expect(newMigration("nothing", now, { migrations, schema })).rejects.toThrow("Nothing to write");
    expect(readdirSync(migrations)).toEqual(readdirSync(migrationsDirectory));
  });

  test("is refused when it would apply before an existing one", async () => {
    addColumnToSchema();
    const past = new Date("2001-01-01T00:00:00Z");
    await expect(newMigration("late", past, { migrations, schema })).rejects.toThrow("clock is behind");
  });

  test.each([
    "",
    "Add",
    "add-colour",
    "../escape",
    "1st",
    "a b",
    "a".repeat(61),
  ])("refuses the name %j", async (name) => {
    await expect(newMigration(name, now, { migrations, schema })).rejects.toThrow("cannot name a migration");
  });
});
