import { z } from "zod";
import { ConfigError, type Env, read } from "./read.ts";

/** A PostgreSQL database, and how it is reached; empty for the embedded one. */
export interface DatabaseConfig {
  readonly databaseUrl?: string;
  /** Maximum number of connections held to it for requests. */
  readonly poolSize?: number;
  /** How long the server may take to give a connection, in seconds. */
  readonly connectSeconds?: number;
}

const MAX_POOL_SIZE = 1_000;
const MAX_CONNECT_SECONDS = 60;

const urlSchema = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:");
});

/** Parameters that pg understands as PostgreSQL's own programs do. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  "application_name",
  "fallback_application_name",
  "host",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
  "options",
  "port",
  "sslcert",
  "sslkey",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "statement_timeout",
  "uselibpqcompat",
  // Read here.
  "connect_timeout",
  "connection_limit",
  "schema",
]);

/** What to do instead of some of the others. */
const INSTEAD: Readonly<Record<string, string>> = {
  pgbouncer:
    "no pooler in transaction mode between: wake-ups, locks and prepared statements need connections of their own, so give the URL of PostgreSQL itself",
  pool_timeout: "no such parameter: an operation waits for a connection for 5 seconds",
  channel_binding:
    "no such parameter: the driver cannot require channel binding, sslmode=verify-full proves the server",
};

/** @throws ConfigError for a URL of which a part would be ignored */
export function readDatabase(env: Env): DatabaseConfig {
  const databaseUrl = read(env, "DATABASE_URL", urlSchema, "a URL like postgres://user@host:5432/name");
  const poolSize = readCount(env, "DATABASE_POOL_SIZE", MAX_POOL_SIZE);
  if (databaseUrl === undefined) return poolSize === undefined ? {} : { poolSize };
  const { searchParams } = new URL(databaseUrl);
  for (const [name, value] of searchParams) {
    const problem = `its parameter "${name}" is not supported`;
    if (!UNDERSTOOD.has(name)) {
      throw new ConfigError("DATABASE_URL", problem, INSTEAD[name] ?? `only ${[...UNDERSTOOD].join(", ")}`);
    }
    if (name === "schema" && value !== "public") {
      const expected = "no schema but public: give each deployment a database of its own";
      throw new ConfigError("DATABASE_URL", `${problem} with this value`, expected);
    }
  }
  const parameter = (name: string, most: number) =>
    readCount(
      { [`DATABASE_URL (${name})`]: searchParams.get(name) ?? undefined },
      `DATABASE_URL (${name})`,
      most,
    );
  const limit = poolSize ?? parameter("connection_limit", MAX_POOL_SIZE);
  const connectSeconds = parameter("connect_timeout", MAX_CONNECT_SECONDS);
  return {
    databaseUrl,
    ...(limit !== undefined && { poolSize: limit }),
    ...(connectSeconds !== undefined && { connectSeconds }),
  };
}

function readCount(env: Env, name: string, most: number): number | undefined {
  const schema = z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .refine((count) => count >= 1 && count <= most);
  return read(env, name, schema, `a whole number from 1 to ${most}`);
}
