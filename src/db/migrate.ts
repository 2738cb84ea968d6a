import type { Database } from "./database.ts";
import { inMigrationTransaction } from "./migration-connection.ts";
import { migrationNames, migrationsDirectory, readMigrations, readSchema } from "./migration-files.ts";

/** The names of the migrations that the database has not had, in order. */
export async function pendingMigrations(db: Database, directory = migrationsDirectory): Promise<string[]> {
  const applied = await appliedMigrations(db);
  return migrationNames(directory).filter((name) => !applied.has(name));
}

/**
 * Applies what is pending, all or nothing, and returns the names. Safe when several processes do it at once.
 * @throws MigrationError when a migration fails; the database is then as it was.
 */
export async function migrate(db: Database, directory = migrationsDirectory): Promise<string[]> {
  if ((await pendingMigrations(db, directory)).length === 0) return [];
  const { EVERYTHING, MigrationError, withSchemaEngine } = await import("./migrator.ts");
  try {
    return await inMigrationTransaction(db, (factory) =>
      withSchemaEngine(factory, readSchema(), async (engine) => {
        const migrationsList = readMigrations(directory);
        const output = await engine.applyMigrations({ migrationsList, filters: EVERYTHING });
        return output.appliedMigrationNames;
      }),
    );
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** From Prisma's own table, which is not there before the first migration. */
async function appliedMigrations({ prisma }: Database): Promise<Set<string>> {
  const [table] = await prisma.$queryRaw<{ exists: boolean }[]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`;
  if (!table?.exists) return new Set();
  const rows = await prisma.$queryRaw<{ migration_name: string }[]>`
    SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return new Set(rows.map((row) => row.migration_name));
}
