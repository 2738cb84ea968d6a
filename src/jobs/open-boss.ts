import type { ConstructorOptions, PgBoss } from "pg-boss";
import { LastingClient } from "../db/bounded-pool.ts";
import { connectionOptions } from "../db/connection-options.ts";
import type { DatabaseDriver } from "../db/database.ts";
import { pgliteConnection } from "./pglite-connection.ts";

/** How often the database is asked, in seconds. The embedded one has a single connection: it is not asked for nothing. */
export interface Cadence {
  /** For jobs that this process was not told of: retries, other processes'. At least 0.5. */
  readonly pollSeconds: number;
  /** For jobs whose process has died. */
  readonly supervisionSeconds: number;
}

export const DEFAULT_CADENCE: Cadence = { pollSeconds: 2, supervisionSeconds: 30 };

/** Dependencies between jobs are not used, so they need no looking after; pg-boss does not let us turn it off. */
const FLOW_SECONDS = 24 * 60 * 60;
/** One to work and one to report, beside the pool for requests: a busy server must not look like a dead worker. */
const CONNECTIONS = 2;
/** How long the server may take to give a connection, and to answer: pg-boss tries again by itself. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** A pg-boss over the database, not started. Loaded only now, so that the server does not wait for its modules. */
export async function openBoss(driver: DatabaseDriver, cadence: Cadence): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  const createSchema = await mustMakeSchema(driver);
  return new PgBoss({
    ...connection(driver),
    createSchema,
    // Its schedules go by minutes of the wall clock, and stand still when that is set back.
    schedule: false,
    superviseIntervalSeconds: cadence.supervisionSeconds,
    monitorIntervalSeconds: cadence.supervisionSeconds,
    flowIntervalSeconds: FLOW_SECONDS,
  });
}

/** The role of the connection may not make what the job queue needs; the message says how to give it the right. */
export class MissingRightError extends Error {
  override readonly name = "MissingRightError";
}

/**
 * Whether the queue's schema is not there yet. Not left to CREATE SCHEMA IF NOT EXISTS, which takes the right to make it also where it
 * exists.
 * @throws MissingRightError
 */
export async function mustMakeSchema(driver: DatabaseDriver): Promise<boolean> {
  if (driver.kind === "pglite") return true;
  const { rows } = await driver.pool.query<Rights>(RIGHTS);
  const [{ exists, mayCreate, mayUse, mayWrite, database, role } = NO_RIGHTS] = rows;
  if (exists && !(mayUse && mayWrite)) {
    throw new MissingRightError(
      `The role ${role} may not use the job queue's schema${mayUse ? ", or not all of its tables" : ""}. Run once, then restart: GRANT ALL ON SCHEMA pgboss TO ${role}; GRANT ALL ON ALL TABLES IN SCHEMA pgboss TO ${role}`,
    );
  }
  if (!exists && !mayCreate) {
    throw new MissingRightError(
      `The role ${role} may not make the job queue's schema. Run once, then restart: CREATE SCHEMA pgboss AUTHORIZATION ${role}; or: GRANT CREATE ON DATABASE ${database} TO ${role}`,
    );
  }
  return !exists;
}

/** One privilege a call: of a list of them, PostgreSQL's functions tell whether any is held. */
const RIGHTS = `
  SELECT schema IS NOT NULL AS "exists",
    has_database_privilege(current_database(), 'CREATE') AS "mayCreate",
    has_schema_privilege(schema, 'USAGE') AND has_schema_privilege(schema, 'CREATE') AS "mayUse",
    NOT EXISTS (
      SELECT FROM pg_class JOIN unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) AS privilege
        ON NOT has_table_privilege(pg_class.oid, privilege)
      WHERE relnamespace = schema AND relkind IN ('r', 'p')
    ) AS "mayWrite",
    quote_ident(current_database()) AS "database", quote_ident(current_user) AS "role"
  FROM (SELECT to_regnamespace('pgboss')::oid AS schema) AS found`;

interface Rights {
  readonly exists: boolean;
  readonly mayCreate: boolean;
  /** Null where the schema does not exist. */
  readonly mayUse: boolean | null;
  readonly mayWrite: boolean;
  /** As SQL writes it. */
  readonly database: string;
  readonly role: string;
}
const NO_RIGHTS: Rights = {
  exists: false,
  mayCreate: false,
  mayUse: null,
  mayWrite: false,
  database: "",
  role: "",
};

function connection(driver: DatabaseDriver): ConstructorOptions {
  if (driver.kind === "pglite") return { db: pgliteConnection(driver.pglite), backend: "pglite" };
  const options = {
    ...connectionOptions(driver.connectionString),
    Client: LastingClient,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  };
  // Handed to pg as it is: pg's own options are more than pg-boss's type names.
  return { ...(options as ConstructorOptions), application_name: "gatehouse-jobs" };
}
