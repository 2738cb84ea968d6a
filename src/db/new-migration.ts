import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingMigration, type SchemaSources } from "./drift.ts";
import { migrationNames, migrationsDirectory } from "./migration-files.ts";

const NAME = /^[a-z][a-z0-9_]{0,59}$/;

/** No migration was written; the message says why. */
export class NewMigrationError extends Error {
  override readonly name = "NewMigrationError";
}

/**
 * Writes the migration that takes the database from what the existing ones build to what prisma/schema describes, and
 * returns its directory's name. What Prisma cannot describe (checks, triggers, partial indexes) is added by hand.
 * @throws NewMigrationError when the name is bad or nothing has changed.
 */
export async function newMigration(name: string, now: Date, sources: SchemaSources = {}): Promise<string> {
  if (!NAME.test(name)) {
    throw new NewMigrationError(
      `"${name}" cannot name a migration: use up to 60 lower-case letters, digits and _, a letter first.`,
    );
  }
  const sql = await missingMigration(sources);
  if (sql === null)
    throw new NewMigrationError(
      "Nothing to write: the migrations already build what prisma/schema describes.",
    );

  const migrations = sources.migrations ?? migrationsDirectory;
  const directory = `${timestamp(now)}_${name}`;
  const last = migrationNames(migrations).at(-1);
  if (last !== undefined && directory <= last) {
    throw new NewMigrationError(
      `"${directory}" would apply before "${last}": this machine's clock is behind.`,
    );
  }
  mkdirSync(join(migrations, directory));
  writeFileSync(join(migrations, directory, "migration.sql"), sql);
  return directory;
}

/** UTC, to the second, digits only: names sort in the order in which they were made. */
function timestamp(now: Date): string {
  return now.toISOString().replace(/\D/g, "").slice(0, 14);
}
