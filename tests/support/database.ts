import { openAsBlob } from "node:fs";
import { inject } from "vitest";
import type { Database, StatementCaches } from "../../src/db/database.ts";
import { openInMemory } from "../../src/db/embedded.ts";
import { openPostgres } from "../../src/db/postgres.ts";
import { adminUrl, asAdmin, databaseName, databaseUrl, templateName } from "./postgres-server.ts";

/** For describe.skipIf(!postgresAvailable): whether there is a PostgreSQL server to test on. */
export const postgresAvailable = adminUrl !== undefined;

export interface TestDatabaseOptions {
  readonly onStatement?: (sql: string) => void;
  /** Of PostgreSQL alone. */
  readonly poolSize?: number;
  readonly caches?: StatementCaches;
}

/** A fresh, empty database, migrated and with the job queue's schema, on the engine that TEST_ENGINE names: pglite (the default) or postgres. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  const engine = process.env.TEST_ENGINE ?? "pglite";
  switch (engine) {
    case "pglite":
      return openInMemory(await openAsBlob(inject("pgliteDump")), options);
    case "postgres":
      return createPostgresTestDatabase(options);
    default:
      throw new Error(`TEST_ENGINE is "${engine}"; it can be pglite or postgres.`);
  }
}

/** The same on PostgreSQL, whatever TEST_ENGINE is. The database is dropped when it is closed. */
export async function createPostgresTestDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  return createFrom((run) => templateName(run), options);
}

/** A database on PostgreSQL with nothing in it, not even the migrations. */
export async function createUnmigratedPostgresDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  return createFrom(() => "template1", options);
}

async function createFrom(
  template: (run: number) => string,
  options: TestDatabaseOptions,
): Promise<Database> {
  const run = inject("postgresRun");
  if (run === null) throw new Error("TEST_POSTGRES_URL is not set: this test needs a PostgreSQL server.");
  const name = databaseName(run);
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template(run)}`);
  const database = await openPostgres(databaseUrl(name), options);
  return {
    ...database,
    async close() {
      await database.close();
      await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
