import { pino } from "pino";
import { v7 } from "uuid";
import { onTestFinished } from "vitest";
import { createAuthenticator } from "../../../src/auth/authenticator.ts";
import { AuthenticationError } from "../../../src/auth/errors.ts";
import type { AuthConfig } from "../../../src/config.ts";
import { createServer, type Server, type ServerOptions } from "../../../src/server/create-server.ts";
import { createMetrics, type Metrics } from "../../../src/server/metrics.ts";
import { HandTimer } from "../../support/hand-timer.ts";
import { Fixture, type FixtureContext, fixtureSchema, WrongInputError } from "./fixture-schema.ts";

export interface RunningServer extends Server {
  readonly fixture: Fixture;
  readonly metrics: Metrics;
  readonly timer: HandTimer;
  /** The log lines so far. */
  readonly logged: Record<string, unknown>[];
}

/** A real server on a free port with the fixture schema, stopped when the test is over. */
export async function startServer(
  options: Partial<ServerOptions<FixtureContext>> & {
    auth?: AuthConfig;
    introspection?: boolean;
    graphiql?: boolean;
    corsOrigins?: readonly string[];
  } = {},
): Promise<RunningServer> {
  const { auth = { kind: "development" }, introspection = true, graphiql = true, ...rest } = options;
  const { corsOrigins = [], ...overrides } = rest;
  const fixture = new Fixture();
  const timer = new HandTimer();
  const metrics = createMetrics();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: "debug" }, { write: (line) => logged.push(JSON.parse(line)) });
  const users = { idOf: async ({ subject }: { subject: string }) => `user:${subject}` };
  const server = createServer<FixtureContext>({
    schema: fixtureSchema,
    config: {
      host: "127.0.0.1",
      port: 0,
      keepAliveSeconds: 75,
      corsOrigins,
      auth,
      introspection,
      graphiql,
    },
    log,
    metrics,
    authenticator: createAuthenticator({
      auth,
      adminSubjects: ["root"],
      users,
      standing: { isSuspended: async () => false },
      keys: () => Promise.reject(new AuthenticationError("No key is known here.")),
      clock: { now: () => new Date() },
    }),
    makeContext: (base) => ({ ...base, fixture }),
    probes: {},
    newId: v7,
    makeExport: async () => null,
    inputErrors: [WrongInputError],
    timer,
    onDrain: async () => fixture.closing.abort(),
    drainTimeoutMs: 2_000,
    ...overrides,
  });
  await server.start();
  onTestFinished(() => server.stop());
  return {
    fixture,
    timer,
    metrics,
    logged,
    start: server.start,
    stop: server.stop,
    url: server.url,
  };
}
