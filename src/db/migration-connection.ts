import type { PGlite } from "@electric-sql/pglite";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { Database, DatabaseDriver } from "./database.ts";

/** "gate" in ASCII: one number for every process that migrates this database. */
export const MIGRATION_LOCK = 0x67617465;

/**
 * Runs `use` with a connection whose work is one transaction, under the lock of all who migrate this database: a
 * migration that fails or is killed leaves nothing behind, and a second process waits and then finds nothing to do.
 * (So a migration cannot hold CREATE INDEX CONCURRENTLY.)
 */
export async function inMigrationTransaction<T>(
  database: Database,
  use: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  return database.driver.kind === "pglite"
    ? overPglite(database.driver.pglite, use)
    : overPostgres(database.driver, use);
}

async function overPglite<T>(
  pglite: PGlite,
  use: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  const { PrismaPGlite } = await import("pglite-prisma-adapter");
  return pglite.transaction((transaction) => {
    const factory = new PrismaPGlite(transaction as unknown as PGlite);
    return reportingFailures(factory, (script) => transaction.exec(script), use);
  });
}

async function overPostgres<T>(
  { connectionString }: Extract<DatabaseDriver, { kind: "postgres" }>,
  use: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  const [{ PrismaPg }, { default: pg }, { connectionOptions }, { LastingClient }] = await Promise.all([
    import("@prisma/adapter-pg"),
    import("pg"),
    import("./connection-options.ts"),
    import("./bounded-pool.ts"),
  ]);
  // A pool of one connection that never goes idle: the adapter wants a pool, the transaction one connection.
  const pool = new pg.Pool({
    ...connectionOptions(connectionString),
    Client: LastingClient,
    max: 1,
    idleTimeoutMillis: 0,
  });
  pool.on("error", () => {});
  try {
    await pool.query("BEGIN");
    await pool.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    const result = await reportingFailures(new PrismaPg(pool), (script) => pool.query(script), use);
    await pool.query("COMMIT");
    return result;
  } finally {
    // Ends an unfinished transaction too, with a rollback.
    await pool.end();
  }
}

/**
 * Gives the engine an adapter that runs a script as a whole, and rethrows the first script's failure: Prisma's adapter
 * for pg cuts scripts at every semicolon, also inside a function's body; the one for PGlite neither waits for a script
 * nor notices that it failed; and the engine, which then wants to note the failure in the aborted transaction, would
 * report only that.
 */
async function reportingFailures<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  execute: (script: string) => Promise<unknown>,
  use: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  let failure: { readonly error: unknown } | undefined;
  const executeScript = async (script: string) => {
    try {
      await execute(script);
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  const connect = async () => Object.assign(await factory.connect(), { executeScript });
  try {
    return await use({
      provider: factory.provider,
      adapterName: factory.adapterName,
      connect,
      connectToShadowDb: () => Promise.reject(new Error("There is no shadow database.")),
    });
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
}
