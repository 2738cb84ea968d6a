import { type Logger, pino } from "pino";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { type App, type AppPart, createApp } from "../../src/app.ts";
import type { Config } from "../../src/config.ts";
import type { Database } from "../../src/db/database.ts";
import { createOfflineRunner } from "../../src/llm/offline/offline-runner.ts";
import type { Runner } from "../../src/llm/runner.ts";
import { TestClock } from "./clock.ts";
import { createTestDatabase } from "./database.ts";
import { HandElapsed } from "./hand-elapsed.ts";
import { HandTimer } from "./hand-timer.ts";
import { SequentialIds } from "./ids.ts";

export interface TestApp extends App {
  readonly database: Database;
  readonly clock: TestClock;
  /** What ends streams and sockets whose token expires. */
  readonly timer: HandTimer;
  /** What starts the sweeps: none runs until the test lets time pass. */
  readonly elapsed: HandElapsed;
}

export interface TestAppOptions {
  readonly config?: Partial<Config>;
  /** An open, migrated database; a new one unless given. The app closes it. */
  readonly database?: Database;
  readonly clock?: TestClock;
  readonly onStatement?: (sql: string) => void;
  readonly maxBehind?: number;
  /** Whether reads take shortcuts; they do unless told. */
  readonly shortcuts?: boolean;
  /** What writes documents; the offline runner unless given. */
  readonly runner?: Runner;
  readonly documentTimeoutMs?: number;
  /** What the process runs; all of it unless given. */
  readonly parts?: readonly AppPart[];
  /** Where the server's log goes; nowhere unless given. */
  readonly log?: Logger;
}

const CONFIG: Config = {
  host: "127.0.0.1",
  port: 0,
  keepAliveSeconds: 75,
  corsOrigins: [],
  embeddedPath: "unused: the test's database is given",
  auth: { kind: "development" },
  adminSubjects: [],
  logLevel: "silent",
  introspection: true,
  graphiql: true,
  seedDemo: false,
  llm: { kind: "offline", scenario: null },
  // What the machine has would make a PDF another one.
  pdfFonts: [],
  redis: null,
  limits: { requestsPerMinute: null, failuresPerMinute: null, subscriptionsPerUser: null, trustedProxies: 0 },
};

/** The real server on a free port, over a database of its own. Ends with the test that started it. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await start(options);
  onTestFinished(() => app.stop());
  return app;
}

/**
 * One server for all tests of a file: each makes projects of its own. Call it outside the tests. A second server may take
 * its options from the first, once that has started.
 */
export function useApp(
  options: TestAppOptions | (() => TestAppOptions) = {},
): Omit<TestApp, keyof App> & Pick<App, "url"> {
  let app: TestApp | undefined;
  beforeAll(async () => {
    app = await start(typeof options === "function" ? options() : options);
  });
  afterAll(() => app?.stop());
  const started = () => {
    if (!app) throw new Error("The server starts before the file's first test");
    return app;
  };
  return {
    get url() {
      return started().url;
    },
    get database() {
      return started().database;
    },
    get clock() {
      return started().clock;
    },
    get timer() {
      return started().timer;
    },
    get elapsed() {
      return started().elapsed;
    },
  };
}

/** The same for whoever stops it: started before the tests of a file, on what they share. */
export const startAppForFile = (options: TestAppOptions): Promise<TestApp> => start(options);

async function start({ config, onStatement, ...options }: TestAppOptions): Promise<TestApp> {
  const clock = options.clock ?? new TestClock();
  const database = options.database ?? (await createTestDatabase(onStatement ? { onStatement } : {}));
  const timer = new HandTimer();
  const elapsed = new HandElapsed();
  const app = createApp({
    timer,
    elapsed,
    config: { ...CONFIG, ...config },
    database,
    log: options.log ?? pino({ level: "silent" }),
    clock,
    ids: new SequentialIds(),
    runner: options.runner ?? createOfflineRunner({ scenario: null }),
    ...(options.documentTimeoutMs !== undefined && { documentTimeoutMs: options.documentTimeoutMs }),
    ...(options.shortcuts !== undefined && { shortcuts: options.shortcuts }),
    ...(options.parts !== undefined && { parts: options.parts }),
    ...(options.maxBehind !== undefined && { maxBehind: options.maxBehind }),
  });
  await app.start();
  return { url: app.url, start: app.start, stop: app.stop, database, clock, timer, elapsed };
}
