import { loadConfig, loadsDemo } from "../config.ts";
import { demoCommands } from "../demo-operations.ts";
import { DEMO } from "../services/demo/demo-project.ts";
import { runApp } from "./run-app.ts";
import { announceServer } from "./server-address.ts";

export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  /** False: the API alone. */
  readonly jobs: boolean;
}

/** gatehouse serve: runs the API, and the jobs unless told not to, until the signal. */
export async function serve({ host, port, jobs }: ServeOptions, stop: AbortSignal): Promise<void> {
  const config = loadConfig({
    ...process.env,
    ...(host !== undefined && { HOST: host }),
    ...(port !== undefined && { PORT: String(port) }),
  });
  if (!jobs && config.databaseUrl === undefined) {
    throw new Error(
      "--no-jobs needs DATABASE_URL: only this process can open the embedded database, so nobody would run its jobs.",
    );
  }
  let withdraw = () => {};
  await runApp(config, jobs ? ["api", "jobs"] : ["api"], stop, async ({ app, database, log }) => {
    if (config.databaseUrl === undefined) withdraw = announceServer(database.location, app.url);
    // Read before anybody is told that the server is ready, and may stop it at once.
    const gate = loadsDemo(config)
      ? await database.prisma.decisionGate.findUnique({ where: { id: DEMO.pendingGateId } })
      : null;
    log.info(
      { url: `${app.url}/graphql`, database: database.location, readyMs: Math.round(performance.now()) },
      "ready",
    );
    if (loadsDemo(config)) printWelcome(app.url, database.location, gate?.status === "PENDING");
  }).finally(() => withdraw());
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
