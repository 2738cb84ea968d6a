import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MigrationList, SchemaContainer } from "@prisma/schema-engine-wasm";

export const migrationsDirectory = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
export const schemaDirectory = fileURLToPath(new URL("../../prisma/schema", import.meta.url));

/** The names of the migrations in a directory, in the order in which they apply. */
export function migrationNames(directory = migrationsDirectory): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The migrations with their SQL, as the schema engine takes them. */
export function readMigrations(directory = migrationsDirectory): MigrationList {
  return {
    baseDir: directory,
    lockfile: { path: "migration_lock.toml", content: read(directory, "migration_lock.toml") },
    shadowDbInitScript: "",
    migrationDirectories: migrationNames(directory).map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: read(directory, name, "migration.sql") },
      },
    })),
  };
}

/** The Prisma schema's files: the datamodel that the migrations have to arrive at. */
export function readSchema(directory = schemaDirectory): SchemaContainer[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".prisma"))
    .sort()
    .map((file) => ({ path: join(directory, file), content: read(directory, file) }));
}

function read(...path: string[]): string {
  return readFileSync(join(...path), "utf8");
}
