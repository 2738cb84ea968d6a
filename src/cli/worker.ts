import { loadConfig } from "../config.ts";
import { runApp } from "./run-app.ts";

/**
 * gatehouse worker: runs jobs until the signal.
 * @throws when there is no DATABASE_URL: whoever serves the API holds the embedded database, and runs its jobs.
 */
export async function work(stop: AbortSignal): Promise<void> {
  const config = loadConfig(process.env);
  if (config.databaseUrl === undefined) {
    throw new Error(
      "A worker needs DATABASE_URL, a PostgreSQL database that it shares with servers. The embedded database can be open in one process only, and its server runs the jobs itself.",
    );
  }
  await runApp(config, ["jobs"], stop, async ({ database, log }) => {
    log.info({ database: database.location, readyMs: Math.round(performance.now()) }, "ready");
  });
}
