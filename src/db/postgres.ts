import { PrismaPg } from "@prisma/adapter-pg";
import { BoundedPool, PATIENCE, serverSettings } from "./bounded-pool.ts";
import { createPrismaClient } from "./client.ts";
import { connectionOptions, unmetSettings } from "./connection-options.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import { once } from "./once.ts";
import { connectionOf } from "./pg-connection.ts";
import { withPreparedReads } from "./prepared/prepared-reads.ts";
import { withRecorder } from "./prepared/recorder.ts";
import { StatementNames } from "./statement-names.ts";

const DEFAULT_POOL_SIZE = 10;

/**
 * A statement that is prepared by name is planned once and not for each request, which took PostgreSQL as long as a small
 * read itself: what the API sends finds its rows by an index, whatever the values are. And no plan is compiled to
 * machine code, which costs a hundred times as much as such a read and is begun when many joins only look expensive. The
 * cost of a page read out of order is that of memory and solid disks: by the default, which is a spinning disk's, whole
 * tables are read where a thousand rows are wanted.
 */
export const PLANNING = "-c plan_cache_mode=force_generic_plan -c jit=off -c random_page_cost=1.1";

/** The server cannot be used as it is; the message says why and what to do, without the password. */
export class DatabaseUnavailableError extends Error {
  override readonly name = "DatabaseUnavailableError";
}

/**
 * Opens a database on a PostgreSQL server.
 * @throws DatabaseUnavailableError when the server does not answer, refuses, or has no such database.
 */
export async function openPostgres(
  url: string,
  {
    poolSize,
    connectSeconds,
    patience,
    onStatement,
    caches,
  }: Omit<DatabaseOptions, "databaseUrl" | "embeddedPath"> = {},
): Promise<Database> {
  const connectMs = connectSeconds === undefined ? PATIENCE.connectMs : connectSeconds * 1_000;
  const limits = { ...PATIENCE, connectMs, ...patience };
  const connection = connectionOptions(url, `${PLANNING} ${serverSettings(limits)}`);
  const pool = new BoundedPool(connection, poolSize ?? DEFAULT_POOL_SIZE, limits);
  const location = withoutSecrets(url);
  const ping = async () => {
    await pool.query("SELECT 1");
  };
  try {
    const unmet = await unmetSettings((sql) => pool.query(sql));
    if (unmet) throw new DatabaseUnavailableError(`The database of DATABASE_URL (${location}) ${unmet}`);
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseUnavailableError) throw error;
    throw new DatabaseUnavailableError(explain(error, location), { cause: error });
  }
  const names = new StatementNames(caches?.statements);
  pool.on("acquire", (client) => names.closeGone(connectionOf(client)));
  const nameOf = (sql: string) => names.nameOf(sql);
  // To pg no name is a statement without one; the adapter's type forgot that there is such a thing.
  const statementNameGenerator = ({ sql }: { readonly sql: string }) => names.nameOf(sql) as string;
  const { factory, recorder } = withRecorder(new PrismaPg(pool, { statementNameGenerator }));
  const prisma = createPrismaClient(factory, { onStatement });
  return {
    engine: "postgres",
    location,
    prisma,
    reads: withPreparedReads({ prisma, recorder, pool, nameOf, onStatement, maxShapes: caches?.shapes }),
    driver: { kind: "postgres", connectionString: url, pool },
    ping,
    close: once(async () => {
      await prisma.$disconnect();
      await pool.end();
    }),
  };
}

function withoutSecrets(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

function explain(error: unknown, location: string): string {
  const { code, message } = error as { code?: string; message: string };
  const name = decodeURIComponent(new URL(location).pathname.slice(1));
  switch (code) {
    case "3D000":
      return `The database "${name}" of DATABASE_URL (${location}) does not exist. Make it with: createdb ${name}`;
    case "28000":
    case "28P01":
      return `The server of DATABASE_URL (${location}) refused the user or the password: ${message}`;
    default:
      return `The server of DATABASE_URL (${location}) does not answer: ${message || code}`;
  }
}
