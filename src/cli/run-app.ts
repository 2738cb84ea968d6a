import type { Logger } from "pino";
import { v7 } from "uuid";
import { type App, type AppPart, createApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { createRunner } from "../llm/models.ts";
import { createLogger } from "../server/logger.ts";
import { SERVER } from "./open-for-command.ts";

export interface RunningApp {
  readonly app: App;
  readonly database: Database;
  readonly log: Logger;
}

/**
 * Opens the database, brings it up to date and runs these parts of the application until SIGTERM or SIGINT.
 * @param onStarted tells whoever waits for it that the process is ready.
 * @throws what the start failed with; whatever it had opened is closed again.
 */
export async function runApp(
  config: Config,
  parts: readonly AppPart[],
  onStarted: (running: RunningApp) => Promise<void>,
): Promise<void> {
  const log = createLogger(config.logLevel);
  const database = await openDatabase({ ...config, program: SERVER });
  let close = () => database.close();
  try {
    const applied = await migrate(database);
    for (const name of applied) log.info({ migration: name }, "migration applied");
    const runner = await createRunner(config.llm);
    const ids = { next: () => v7() };
    const app = createApp({ config, database, log, clock: systemClock, ids, runner, parts });
    close = () => app.stop();
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        log.info({ signal }, "draining");
        app.stop().then(
          () => log.info("stopped"),
          (error) => {
            log.error({ err: error }, "could not stop cleanly");
            process.exitCode = 1;
          },
        );
      });
    }
    await app.start();
    await onStarted({ app, database, log });
  } catch (error) {
    // Whatever is open would keep the process alive, the connection that listens for wake-ups too.
    await close();
    throw error;
  }
}
