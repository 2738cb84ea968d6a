import { loadConfig } from "../config.ts";
import { migrate } from "../db/migrate.ts";
import { openForCommand } from "./open-for-command.ts";

/** gatehouse migrate: applies the pending migrations to the configured database. */
export async function migrateDatabase({ json = false }: { readonly json?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const database = await openForCommand(config, {
    command: "migrate",
    make: true,
    instead: (server) =>
      `it applied what was pending when it started; ask it instead: curl ${server}/health/ready`,
  });
  try {
    const applied = await migrate(database);
    if (json) return console.log(JSON.stringify({ applied }, null, 2));
    console.log(applied.length === 0 ? "up to date" : applied.map((name) => `applied ${name}`).join("\n"));
  } finally {
    await database.close();
  }
}
