import { v7 } from "uuid";
import { createApp } from "./app.ts";
import { systemClock } from "./clock.ts";
import { loadConfig, loadsDemo } from "./config.ts";
import { openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { demoCommands } from "./demo-operations.ts";
import { createRunner } from "./llm/models.ts";
import { createLogger } from "./server/logger.ts";
import { DEMO } from "./services/demo/demo-project.ts";

try {
  await serve();
} catch (error) {
  // A wrong setting, a locked directory, a port in use: the message says what to do, the stack would hide it.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Opens the database, brings it up to date, serves until SIGTERM or SIGINT. */
async function serve(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(config.logLevel);
  const database = await openDatabase(config);
  let close = () => database.close();
  try {
    const applied = await migrate(database);
    for (const name of applied) log.info({ migration: name }, "migration applied");
    const runner = await createRunner(config.llm);
    const app = createApp({ config, database, log, clock: systemClock, ids: { next: () => v7() }, runner });
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
    // Read before anybody is told that the server is ready, and may stop it at once.
    const gate = loadsDemo(config)
      ? await database.prisma.decisionGate.findUnique({ where: { id: DEMO.pendingGateId } })
      : null;
    log.info(
      { url: `${app.url}/graphql`, database: database.location, readyMs: Math.round(performance.now()) },
      "ready",
    );
    if (loadsDemo(config)) printWelcome(app.url, database.location, gate?.status === "PENDING");
  } catch (error) {
    // Whatever is open would keep the process alive, the connection that listens for wake-ups too.
    await close();
    throw error;
  }
}

function printWelcome(url: string, location: string, gateIsPending: boolean): void {
  console.log(
    [
      "",
      `Gatehouse   ${url}/graphql  (open it in a browser for GraphiQL)`,
      `Database    ${location}`,
      "",
      "Try these on the demo project:",
      "",
      ...demoCommands(url, gateIsPending).flatMap((command) => [command, ""]),
    ].join("\n"),
  );
}
