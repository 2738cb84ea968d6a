import { PrismaPGlite } from "pglite-prisma-adapter";
import { openInMemory } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { migrationsDirectory, readSchema, schemaDirectory } from "./migration-files.ts";
import { EVERYTHING, withSchemaEngine } from "./migrator.ts";

export interface SchemaSources {
  readonly migrations?: string;
  readonly schema?: string;
}

/** Whether the migrations arrive at another schema than prisma/schema describes. */
export async function migrationDrift(sources: SchemaSources = {}): Promise<boolean> {
  return (await missingMigration(sources)) !== null;
}

/**
 * The SQL that is missing between what the migrations build and what prisma/schema describes; null when nothing is.
 * Found on an embedded database in memory, whatever the configured one is: describing a database through Prisma's
 * adapter for pg fails on the type "char".
 */
export async function missingMigration({
  migrations = migrationsDirectory,
  schema = schemaDirectory,
}: SchemaSources = {}): Promise<string | null> {
  const database = await openInMemory();
  try {
    await migrate(database, migrations);
    if (database.driver.kind !== "pglite") throw new Error("An in-memory database is a PGlite.");
    const files = readSchema(schema);
    return await withSchemaEngine(new PrismaPGlite(database.driver.pglite), files, async (engine) => {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: "schemaDatasource", files, configDir: schema },
        to: { tag: "schemaDatamodel", files },
        script: true,
        exitCode: true,
        filters: EVERYTHING,
      });
      return exitCode === 0 ? null : stdout;
    });
  } finally {
    await database.close();
  }
}
