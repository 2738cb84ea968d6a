import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { createAccessSource } from "./auth/access-source.ts";
import { AccessWatch } from "./auth/access-watch.ts";
import { createKeyDirectory } from "./auth/api-keys.ts";
import { createAuthenticator } from "./auth/authenticator.ts";
import { AuthenticationError, SuspendedError } from "./auth/errors.ts";
import { createStanding } from "./auth/standing.ts";
import { createUserDirectory } from "./auth/users.ts";
import { type Config, loadsDemo } from "./config.ts";
import { connectionOptions } from "./db/connection-options.ts";
import type { Database } from "./db/database.ts";
import type { Shortage } from "./db/disk-guard.ts";
import { pendingMigrations } from "./db/migrate.ts";
import { isOutage, NotStoredError, OutcomeUnknownError } from "./db/outage.ts";
import { withSeek } from "./db/seek.ts";
import { demoTabs } from "./demo-operations.ts";
import { DEVELOPER } from "./domain/account/identity.ts";
import type { Clock, IdSource } from "./domain/clock.ts";
import { ValidationError } from "./domain/errors.ts";
import { DiscussionHub } from "./events/discussion-hub.ts";
import { createDiscussionSource } from "./events/discussion-source.ts";
import { EventHub } from "./events/hub.ts";
import { createLocalWakeups } from "./events/local-wakeups.ts";
import { createEventLog } from "./events/log.ts";
import { createPostgresWakeups } from "./events/postgres-wakeups.ts";
import { createRedisWakeups } from "./events/redis-wakeups.ts";
import type { Wakeups } from "./events/wakeups.ts";
import type { ElapsedTimer } from "./jobs/elapsed-timer.ts";
import { createJobQueue } from "./jobs/job-queue.ts";
import { createJobHandlers } from "./jobs/jobs.ts";
import { createOutbox } from "./jobs/outbox.ts";
import { createSweeper } from "./jobs/sweeper.ts";
import { createSweeps } from "./jobs/sweeps.ts";
import { createSharedLimits, type LimitsBackend } from "./limits/shared-limits.ts";
import type { Runner } from "./llm/runner.ts";
import { openRedis, type Redis } from "./redis/redis.ts";
import type { GraphQLContext } from "./schema/context.ts";
import { decodeId } from "./schema/ids.ts";
import { schema } from "./schema/index.ts";
import { lazy } from "./schema/lazy.ts";
import { createLoaders } from "./schema/loaders.ts";
import { createServer } from "./server/create-server.ts";
import { createMetrics } from "./server/metrics.ts";
import type { Outage } from "./server/outage.ts";
import type { RequestContext } from "./server/request-context.ts";
import { systemTimer, type Timer } from "./server/timer.ts";
import { countLocalProjects } from "./services/account/adopt-projects.ts";
import { loadPlanTiers } from "./services/account/load-plan-tiers.ts";
import { exportProject } from "./services/artifact/export-project.ts";
import { loadDemoProject } from "./services/demo/demo-project.ts";
import type { ModelServices } from "./services/services.ts";

/** How many events a live subscription may lag behind before it is ended. */
const MAX_BEHIND = 1_000;
/** How often the log is looked at in case a wake-up was lost. */
const POLL_MS = 5_000;
/** How often free disk space is looked at for the log. */
const DISK_CHECK_MS = 5_000;
/** A model may be slow, and asked several times. */
const DOCUMENT_TIMEOUT_MS = 10 * 60_000;

/** The parts of the application that one process can run. */
export type AppPart = "api" | "jobs";

export interface AppOptions {
  readonly config: Config;
  /** Open and migrated; the app closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly runner: Runner;
  /** What this process runs, all unless told; jobs that it does not run itself it leaves to the other processes. */
  readonly parts?: readonly AppPart[];
  /** How many events a live subscription may lag behind, 1,000 unless told. */
  readonly maxBehind?: number;
  /** How long the writing of one document may take, 10 minutes unless told. */
  readonly documentTimeoutMs?: number;
  /** Whether reads take the shorter ways that give the same answer faster (docs/adr/0020); true unless told. */
  readonly shortcuts?: boolean;
  /** What ends streams and sockets whose token expires; the machine's timer unless given. */
  readonly timer?: Timer;
  /** What starts the sweeps; the machine's monotonic clock unless given. */
  readonly elapsed?: ElapsedTimer;
}

export interface App {
  /** `http://host:port`; known once started, where the API is among the parts. */
  readonly url: string;
  start(): Promise<void>;
  /**
   * Drains: running requests finish, subscriptions are completed, the database closes. Safe to call twice, also
   * while it starts and after a start that failed.
   */
  stop(): Promise<void>;
}

/** Puts the application together around an open database. Nothing runs before `start`. */
export function createApp(options: AppOptions): App {
  const { config, database, log, clock, ids, runner } = options;
  const { maxBehind = MAX_BEHIND, documentTimeoutMs = DOCUMENT_TIMEOUT_MS, timer = systemTimer } = options;
  const { shortcuts = true } = options;
  const { prisma, volume } = database;
  const parts = new Set<AppPart>(options.parts ?? ["api", "jobs"]);
  const reads = withSeek(shortcuts ? database.reads : prisma);
  const hasDemo = loadsDemo(config);
  const metrics = createMetrics();
  const redis = config.redis && openRedis({ ...config.redis, log });
  const wakeups = createWakeups(database, redis, log);
  const { trustedProxies, ...sizes } = config.limits;
  const limits = createSharedLimits({
    ...sizes,
    backend: limitsBackend(database, redis),
    // Not from `ids`: no two nodes may have the same, also where a test counts its ids.
    nodeId: randomUUID(),
    log,
  });
  const jobs = createJobQueue({ database, log, onFinished: metrics.jobFinished });
  const services: ModelServices = {
    prisma,
    clock,
    ids,
    wakeups,
    jobs: createOutbox(jobs),
    runner,
    documentTimeoutMs,
    timer,
    onAccessChanged: (userId) => wakeups.publishAccess(userId),
    onAppended: (events) => {
      for (const { subject } of events) metrics.eventAppended(subject);
    },
    onUsageFault: ({ model, usage, error }) => {
      log.warn(
        { model, usage, ...(error !== undefined && { err: error }) },
        error === undefined
          ? "a model's usage figures are impossible: what the call reserved counts"
          : "a model's usage could not be stored: what the call reserved counts",
      );
    },
  };
  const sweeper = createSweeper({
    sweeps: createSweeps(services, log),
    clock,
    wakeups,
    log,
    onFinished: metrics.jobFinished,
    ...(options.elapsed && { timer: options.elapsed }),
  });
  const hub = new EventHub({
    log: createEventLog(reads),
    wakeups,
    maxBehind,
    pollMs: POLL_MS,
    warn: (error) => log.warn({ err: error }, "the event log could not be read: the next poll tries again"),
    passes: isOutage,
  });
  const discussions = new DiscussionHub({
    source: createDiscussionSource(prisma),
    wakeups,
    pollMs: POLL_MS,
    warn: (error) => log.warn({ err: error }, "a discussion could not be read: the next poll tries again"),
  });
  const access = new AccessWatch({
    source: createAccessSource(prisma),
    wakeups,
    pollMs: POLL_MS,
    warn: (error) => log.warn({ err: error }, "rights could not be read: the next poll tries again"),
  });
  const users = createUserDirectory({ prisma, clock, newId: () => ids.next() });
  const server = createServer<GraphQLContext & RequestContext>({
    schema,
    config,
    log,
    metrics,
    authenticator: createAuthenticator({
      auth: config.auth,
      adminSubjects: config.adminSubjects,
      users,
      standing: createStanding({ read: users.isSuspended, clock, wakeups }),
      keys: createKeyDirectory(prisma, clock),
      clock,
    }),
    watchAccess: (viewer, onLoss) =>
      access.watch(viewer, null, (loss) =>
        onLoss(
          loss === "SUSPENDED" ? new SuspendedError() : new AuthenticationError("The API key is revoked."),
        ),
      ),
    makeContext: (request) => ({
      ...request,
      services,
      prisma: reads,
      hub,
      discussions,
      access,
      // Most reads need none of them, and a subscription that waits holds none.
      loaders: lazy(() => createLoaders(prisma, request.viewer, () => clock.now())),
      shortcuts,
    }),
    probes: {
      database: () => told(database.ping(), "the database does not answer"),
      migrations: async () => {
        const pending = await pendingMigrations(database).catch((error: unknown) => {
          // Whatever Prisma says of it, the other probe says why.
          throw isOutage(error) ? new Error("the database cannot be asked") : error;
        });
        if (pending.length > 0) throw new Error(`not applied: ${pending.join(", ")}`);
      },
    },
    sideProbes: {
      jobs: () => jobs.check(),
      ...(redis && {
        redis: async () => {
          await told(redis.ping(), "Redis does not answer");
          await told(redis.tryWrite(), "Redis refuses writes");
        },
      }),
      ...(volume && {
        disk: async () => {
          const shortage = volume.shortage();
          if (shortage !== null) throw new Error(shortage.reason);
        },
      }),
    },
    limits: { ...limits, trustedProxies },
    newId: () => ids.next(),
    quick: shortcuts,
    timer,
    onDrain: async () => {
      access.close();
      hub.close();
      discussions.close();
    },
    // Mutations give it as data; where a query's or a subscription's argument is wrong it is an error.
    inputErrors: [ValidationError],
    outageOf,
    makeExport: async ({ viewer, projectId, format, variant }) => {
      const id = decodeId("project", projectId, "projectId");
      const fontPlaces = config.pdfFonts ?? null;
      const order = { projectId: id, viewer, format, variant, now: clock.now(), fontPlaces };
      return exportProject(prisma, order);
    },
    graphiqlTabs: hasDemo ? demoTabs() : [],
  });

  /** What a driver says of it names hosts and users: that is for the log. */
  async function told(answer: Promise<void>, reason: string): Promise<void> {
    await answer.catch((err: unknown) => {
      log.warn({ err }, reason);
      throw new Error(reason);
    });
  }

  async function start(): Promise<void> {
    watchDisk();
    await loadPlanTiers(prisma);
    if (hasDemo && parts.has("api")) {
      await loadDemoProject(services, await users.idOf(DEVELOPER)).catch((err: unknown) => {
        log.warn({ err }, "the demo project could not be loaded");
      });
    }
    if (config.auth.kind !== "development") await tellOfLocalProjects();
    redis?.start();
    await wakeups.start();
    const handlers = createJobHandlers(services);
    if (parts.has("jobs")) sweeper.start();
    if (!parts.has("api")) return jobs.start(handlers);
    await server.start();
    // Nobody who asks waits for the queue; what it cannot do now it does after the next start.
    const queue = parts.has("jobs") ? jobs.start(handlers) : jobs.startWithoutWorkers(handlers);
    queue.catch((err: unknown) => log.error({ err }, "the job queue did not start"));
  }

  /** Whoever turns authentication on would find an empty list, and nothing that says why. */
  async function tellOfLocalProjects(): Promise<void> {
    const projects = await countLocalProjects(prisma);
    if (projects === 0) return;
    log.warn(
      { projects },
      "the database has projects of the local user, whom nobody is while authentication is on: give them to somebody with npx gatehouse adopt --to SUBJECT, or with the mutation adoptProjects",
    );
  }

  let diskState: Shortage["state"] | "enough" = "enough";
  let diskTimer: NodeJS.Timeout | undefined;

  /** Tells when space runs low, before it is too late, and when there is enough again. */
  function watchDisk(): void {
    if (volume === undefined) return;
    const look = () => {
      const { state, reason } = volume.shortage() ?? { state: "enough", reason: undefined };
      if (state === diskState) return;
      diskState = state;
      if (state === "enough") log.info("disk space is sufficient again");
      else if (state === "low") log.warn({ reason }, "disk space is low");
      else log.error({ reason }, "the database cannot be written to for lack of disk space");
    };
    look();
    diskTimer = setInterval(look, DISK_CHECK_MS).unref();
  }

  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  return {
    get url() {
      return server.url;
    },
    start() {
      starting ??= start();
      return starting;
    },
    stop() {
      stopping ??= (async () => {
        // A server that began to listen after its stop would never end. Why a start failed, its caller is told.
        await starting?.catch(() => {});
        clearInterval(diskTimer);
        await server.stop();
        const swept = sweeper.stop();
        // A sweep that waits for the queue ends with it.
        await jobs.stop();
        await swept;
        await wakeups.stop();
        await limits.subscriptions?.close();
        await redis?.close();
        await database.close();
      })();
      return stopping;
    },
  };
}

/** What an error says of the database's absence, and of what became of the operation. */
function outageOf(error: unknown): Outage | null {
  if (error instanceof OutcomeUnknownError) return "outcome unknown";
  if (error instanceof NotStoredError) return "not stored";
  return isOutage(error) ? "not read" : null;
}

function limitsBackend({ driver }: Database, redis: Redis | null): LimitsBackend {
  if (redis) return { kind: "redis", redis };
  return driver.kind === "pglite" ? { kind: "memory" } : { kind: "postgres", pool: driver.pool };
}

function createWakeups({ driver }: Database, redis: Redis | null, log: Logger): Wakeups {
  if (redis) return createRedisWakeups({ redis, log });
  if (driver.kind === "pglite") return createLocalWakeups();
  return createPostgresWakeups({
    connection: connectionOptions(driver.connectionString),
    query: (sql, values) => driver.pool.query(sql, values),
    log,
  });
}
