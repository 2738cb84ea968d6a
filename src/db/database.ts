import type { PGlite } from "@electric-sql/pglite";
import type pg from "pg";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { Patience } from "./bounded-pool.ts";
import type { Volume } from "./disk-guard.ts";
import type { StatementNamesOptions } from "./statement-names.ts";

/** An open database. Everything that talks to PostgreSQL starts from here, whichever engine it is. */
export interface Database {
  readonly engine: "pglite" | "postgres";
  /** What to print: the directory, the URL without its password, or "memory". */
  readonly location: string;
  readonly prisma: PrismaClient;
  /** The same client for what is read outside of transactions: reads that are known take a shorter way where there is one. */
  readonly reads: PrismaClient;
  /** What lies below Prisma, for those who need more than queries: the job queue and LISTEN. */
  readonly driver: DatabaseDriver;
  /** Where the embedded database has its files; absent of one in memory and of a server's. */
  readonly volume?: Volume;
  /** @throws when the database does not answer. */
  ping(): Promise<void>;
  /** Closes client, pool and directory and releases the lock. A second call waits for the first. */
  close(): Promise<void>;
}

export type DatabaseDriver =
  | { readonly kind: "pglite"; readonly pglite: PGlite }
  | { readonly kind: "postgres"; readonly connectionString: string; readonly pool: pg.Pool };

export interface DatabaseOptions {
  /** A PostgreSQL server's database. Absent: the embedded one. */
  readonly databaseUrl?: string;
  /** The embedded database's directory, made with its parents when it is not there. */
  readonly embeddedPath: string;
  /** Refuses an embedded directory that holds no database yet, and makes nothing. */
  readonly mustExist?: boolean;
  /** The most connections held to a PostgreSQL server, 10 unless told. The embedded database has one. */
  readonly poolSize?: number;
  /** How long a PostgreSQL server may take to give a connection, in seconds; `patience` says it in milliseconds. */
  readonly connectSeconds?: number;
  /** How long a PostgreSQL server may take; see PATIENCE for what holds unless told. */
  readonly patience?: Partial<Patience>;
  /** What this process is, such as "server", told to those that find the embedded directory in use. */
  readonly program?: string;
  /** Called with each SQL statement that Prisma has run. */
  readonly onStatement?: (sql: string) => void;
  readonly caches?: StatementCaches;
}

/** Bounds of what is remembered of statements on PostgreSQL. Absent: what suits the API. */
export interface StatementCaches {
  readonly statements?: StatementNamesOptions;
  /** Maximum number of shapes of reads. */
  readonly shapes?: number;
}

/**
 * Opens the configured database; does not migrate it.
 * @throws DatabaseLockedError when another process has the embedded directory open.
 * @throws DatabaseMissingError when the embedded database must exist and does not.
 * @throws DatabaseUnavailableError when the server does not answer, or has no such database.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // Each engine is loaded only where it is used: the embedded one alone is a tenth of a second of start-up.
  if (options.databaseUrl === undefined) {
    const { openEmbedded } = await import("./embedded.ts");
    return openEmbedded(options.embeddedPath, options);
  }
  const { openPostgres } = await import("./postgres.ts");
  return openPostgres(options.databaseUrl, options);
}
