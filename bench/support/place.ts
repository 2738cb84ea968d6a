import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, type DatabaseOptions, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { adminStatement } from "../../tests/support/admin-statement.ts";
import type { Scope } from "./run-bench.ts";

/** The settings that make a server use a database. */
export type Settings = Readonly<Record<string, string>>;

/** A database of the benchmark's own, migrated and empty, that is gone at its end. */
export interface Place {
  readonly engine: Database["engine"];
  readonly settings: Settings;
  /** Opens it. The embedded database can be open in one process at a time. */
  open(options?: Pick<DatabaseOptions, "onStatement">): Promise<Database>;
}

/**
 * Makes a place on the embedded database, in a temporary directory, or on the PostgreSQL server whose
 * administrator's URL BENCH_DATABASE_URL is.
 */
export async function makePlace(scope: Scope): Promise<Place> {
  const place = await anywhere(scope);
  const database = await place.open();
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  return place;
}

/** The same before anything has been made in it. */
export async function makeEmptyPlace(scope: Scope): Promise<Settings> {
  return (await anywhere(scope)).settings;
}

async function anywhere(scope: Scope): Promise<Place> {
  const adminUrl = process.env.BENCH_DATABASE_URL;
  return adminUrl ? onServer(adminUrl, scope) : embedded(scope);
}

function embedded(scope: Scope): Place {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
  scope.defer(() => rmSync(directory, { recursive: true, force: true }));
  const embeddedPath = join(directory, "database");
  return {
    engine: "pglite",
    settings: { PIPELINE_DB_PATH: embeddedPath },
    open: (options) => openDatabase({ embeddedPath, ...options }),
  };
}

async function onServer(adminUrl: string, scope: Scope): Promise<Place> {
  const name = `gatehouse_bench_${randomBytes(6).toString("hex")}`;
  await adminStatement(adminUrl, `CREATE DATABASE ${name}`);
  scope.defer(() => adminStatement(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    engine: "postgres",
    settings: { DATABASE_URL: url.href },
    open: (options) => openDatabase({ databaseUrl: url.href, embeddedPath: "", ...options }),
  };
}
