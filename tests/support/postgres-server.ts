import pg from "pg";
import { openPostgres } from "../../src/db/postgres.ts";
import { adminStatement } from "./admin-statement.ts";
import { prepareDatabase } from "./prepare-database.ts";

/** An administrator's URL such as postgres://postgres@127.0.0.1:5432/postgres; unset: no server to test on. */
export const adminUrl = process.env.TEST_POSTGRES_URL;

const PREFIX = "gatehouse_test_";
/** The class of the advisory locks by which runs show each other that they are alive. */
const RUN_LOCK = 0x74657374;

export function databaseUrl(name: string): string {
  if (adminUrl === undefined)
    throw new Error("TEST_POSTGRES_URL is not set: this test needs a PostgreSQL server.");
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export function templateName(run: number): string {
  return `${PREFIX}${run}_template`;
}

export function databaseName(run: number): string {
  return `${PREFIX}${run}_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** Runs one statement as the administrator of the server under test. */
export const asAdmin = (sql: string) => adminStatement(adminUrl, sql);

export interface TestRun {
  readonly id: number;
  /** Drops the run's databases. */
  end(): Promise<void>;
}

/** Makes the prepared template that this run's databases are copied from, and drops what crashed runs have left. */
export async function startRun(): Promise<TestRun> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  const id = Math.floor(Math.random() * 2 ** 31);
  await admin.query("SELECT pg_advisory_lock($1, $2)", [RUN_LOCK, id]);
  await dropLeftovers(admin);
  await admin.query(`CREATE DATABASE ${templateName(id)}`);
  const template = await openPostgres(databaseUrl(templateName(id)));
  await prepareDatabase(template);
  await template.close();
  return {
    id,
    async end() {
      await drop(admin, (run) => run === id);
      await admin.end();
    },
  };
}

/** A run holds its lock as long as it lives, on whatever machine: a lock that can be had was left behind. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  await drop(admin, async (run) => {
    const held = await admin.query(
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objid = $2",
      [RUN_LOCK, run],
    );
    return held.rowCount === 0;
  });
}

async function drop(admin: pg.Client, chosen: (run: number) => boolean | Promise<boolean>): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)",
    [PREFIX],
  );
  for (const { name } of rows) {
    if (await chosen(Number(name.slice(PREFIX.length).split("_")[0]))) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  }
}
