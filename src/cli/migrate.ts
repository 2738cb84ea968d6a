import { loadConfig } from "../config.ts";
import { openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { run } from "./run.ts";

/** npm run migrate: applies the pending migrations to the configured database. */
await run(async () => {
  const database = await openDatabase(loadConfig(process.env));
  try {
    const applied = await migrate(database);
    console.log(applied.length === 0 ? "up to date" : applied.map((name) => `applied ${name}`).join("\n"));
  } finally {
    await database.close();
  }
});
