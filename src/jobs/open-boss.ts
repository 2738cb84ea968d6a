import type { ConstructorOptions, PgBoss } from "pg-boss";
import type { DatabaseDriver } from "../db/database.ts";
import { connectionOptions } from "../db/postgres.ts";
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
  return new PgBoss({
    ...connection(driver),
    // Its schedules go by minutes of the wall clock, and stand still when that is set back.
    schedule: false,
    superviseIntervalSeconds: cadence.supervisionSeconds,
    monitorIntervalSeconds: cadence.supervisionSeconds,
    flowIntervalSeconds: FLOW_SECONDS,
  });
}

function connection(driver: DatabaseDriver): ConstructorOptions {
  if (driver.kind === "pglite") return { db: pgliteConnection(driver.pglite), backend: "pglite" };
  const options = {
    ...connectionOptions(driver.connectionString),
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  };
  // Handed to pg as it is: pg's own options are more than pg-boss's type names.
  return { ...(options as ConstructorOptions), application_name: "gatehouse-jobs" };
}
