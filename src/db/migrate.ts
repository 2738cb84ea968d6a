import type { Database } from "./database.ts";
import { failureReason } from "./failure-reason.ts";
import { inMigrationTransaction } from "./migration-connection.ts";
import { MigrationError } from "./migration-error.ts";
import { migrationNames, migrationsDirectory, readMigrations, readSchema } from "./migration-files.ts";
import { isOutage } from "./outage.ts";

/** A newer version of this program has changed the database in ways that this one does not know. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";

  constructor(location: string, unknown: readonly string[]) {
    super(
      `${location} was migrated by a newer version of this program, which has ${unknown.join(", ")}. ` +
        "Start that version or a later one, or restore a backup from before it.",
    );
  }
}

/** The names of the migrations that the database has not had, in order. */
export async function pendingMigrations(db: Database, directory = migrationsDirectory): Promise<string[]> {
  const applied = await appliedMigrations(db);
  return migrationNames(directory).filter((name) => !applied.has(name));
}

/**
 * Applies what is pending, all or nothing, and returns the names. Safe when several processes do it at once.
 * @throws MigrationError when a migration fails; the database is then as it was.
 * @throws NewerDatabaseError when the database has migrations that this program does not know.
 */
export async function migrate(db: Database, directory = migrationsDirectory): Promise<string[]> {
  try {
    return await applyPending(db, directory);
  } catch (error) {
    if (error instanceof NewerDatabaseError || isOutage(error)) throw error;
    const reason = failureReason(error);
    throw new MigrationError(
      `The migrations could not be applied to ${db.location}: ${reason}. ${remedy(reason)}`.trim(),
      { cause: error },
    );
  }
}

/** What to do about the reasons that lie with the server and not with a migration. */
function remedy(reason: string): string {
  if (/permission denied|must be owner|no schema has been selected/.test(reason)) {
    return (
      "The role of DATABASE_URL must own the tables and needs USAGE and CREATE on their schema: " +
      "GRANT USAGE, CREATE ON SCHEMA public TO role."
    );
  }
  if (/read-only transaction|during recovery/.test(reason)) {
    return "DATABASE_URL must name a server, a database and a role that may write.";
  }
  return "";
}

async function applyPending(db: Database, directory: string): Promise<string[]> {
  const known = migrationNames(directory);
  const applied = await appliedMigrations(db);
  const unknown = [...applied].filter((name) => !known.includes(name)).sort();
  if (unknown.length > 0) throw new NewerDatabaseError(db.location, unknown);
  if (known.every((name) => applied.has(name))) return [];
  const { EVERYTHING, withSchemaEngine } = await import("./migrator.ts");
  return inMigrationTransaction(db, (factory) =>
    withSchemaEngine(factory, readSchema(), async (engine) => {
      const migrationsList = readMigrations(directory);
      const output = await engine.applyMigrations({ migrationsList, filters: EVERYTHING });
      return output.appliedMigrationNames;
    }),
  );
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
