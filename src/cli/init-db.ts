import { loadConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { migrationNames } from "../db/migration-files.ts";
import { openForCommand } from "./open-for-command.ts";
import { schemaVersion } from "./schema-version.ts";

/** gatehouse init-db: makes the database or brings it up to date, and says where and what it is. */
export async function initDb({ json = false }: { readonly json?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const database = await openForCommand(config, {
    command: "init-db",
    make: true,
    instead: (server) =>
      `it brought the database up to date when it started; ask it instead: curl ${server}/health/ready`,
  });
  try {
    const report = await initialise(database);
    if (json) return console.log(JSON.stringify(report, null, 2));
    console.log(`Database        ${report.database}`);
    console.log(`Schema version  ${report.schemaVersion}`);
    console.log(`State           ${describe(report)}`);
  } finally {
    await database.close();
  }
}

interface Report {
  readonly database: string;
  readonly schemaVersion: string;
  readonly state: "fresh" | "migrated" | "up to date";
  /** The names of the migrations that this run has applied. */
  readonly applied: readonly string[];
}

async function initialise(database: Database): Promise<Report> {
  const applied = await migrate(database);
  const state =
    applied.length === 0 ? "up to date" : applied.length === migrationNames().length ? "fresh" : "migrated";
  return { database: database.location, schemaVersion: await schemaVersion(database), state, applied };
}

function describe({ state, applied }: Report): string {
  switch (state) {
    case "fresh":
      return "fresh: made now";
    case "migrated":
      return `brought up to date now: ${applied.join(", ")}`;
    case "up to date":
      return "up to date";
  }
}
