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
 * Opens the database, brings it up to date and runs these parts of the application until the signal. One that comes while
 * it starts ends it in order too, before anybody is told that it is ready.
 * @param onStarted tells whoever waits for it that the process is ready.
 * @throws what the start failed with; whatever it had opened is closed again.
 */
export async function runApp(
  config: Config,
  parts: readonly AppPart[],
  stop: AbortSignal,
  onStarted: (running: RunningApp) => Promise<void>,
): Promise<void> {
  const log = createLogger(config.logLevel);
  whenAborted(stop, () => log.info({ signal: stop.reason }, "draining"));
  const database = await openDatabase({ ...config, program: SERVER });
  let close = () => database.close();
  try {
    const applied = stop.aborted ? [] : await migrate(database);
    for (const name of applied) log.info({ migration: name }, "migration applied");
    if (!stop.aborted) {
      const runner = await createRunner(config.llm);
      const ids = { next: () => v7() };
      const app = createApp({ config, database, log, clock: systemClock, ids, runner, parts });
      close = () => app.stop();
      await app.start();
      if (!stop.aborted) await onStarted({ app, database, log });
      await new Promise<void>((resolve) => whenAborted(stop, resolve));
    }
  } catch (error) {
    // Whatever is open would keep the process alive, the connection that listens for wake-ups too.
    await close();
    throw error;
  }
  try {
    await close();
    log.info("stopped");
  } catch (err) {
    log.error({ err }, "could not stop cleanly");
    process.exitCode = 1;
  }
}

function whenAborted(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}
