import { setTimeout as delay } from "node:timers/promises";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { z } from "zod";
import type { Database } from "../db/database.ts";
import { isOutage } from "../db/outage.ts";
import type { Prisma } from "../generated/prisma/client.ts";
import { type Job, JobDataError, parseJobData } from "./define-job.ts";
import { givenUpQueue, installQueues } from "./install-queues.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { type Cadence, DEFAULT_CADENCE, MissingRightError, mustMakeSchema, openBoss } from "./open-boss.ts";
import { releaseOrphans } from "./release-orphans.ts";
import { runAttempt } from "./run-attempt.ts";
import { stopBoss } from "./stop-boss.ts";

const STOP_SECONDS = 20;
/** Between two tries to start on a database that is away. */
const START_AGAIN_MS = 1_000;
const CANNOT_ASK = "the database cannot be asked for the job queue";

export interface JobQueueOptions {
  readonly database: Database;
  readonly log: JobLog;
  /** Called once per job at its end: with `failed` when it was given up, not for each failed attempt. */
  readonly onFinished: (queue: string, outcome: "completed" | "failed") => void;
  /** How long stop() waits for running handlers, 20 seconds unless told. */
  readonly stopSeconds?: number;
  readonly cadence?: Partial<Cadence>;
}

export interface EnqueueOptions {
  /** Enqueues with this transaction: the job runs if it commits, and never if it rolls back. */
  readonly tx?: Prisma.TransactionClient;
  /** A UUID of the caller's, unique in the queue: of two jobs with the same one the second is not enqueued. */
  readonly id?: string;
  readonly startAfter?: Date;
}

/** Jobs that survive their process: each runs at least once, in one of the processes that share the database. */
export interface JobQueue {
  /** Installs what the jobs need and begins to run them. Await nothing on it but its failure: requests can be served. */
  start(handlers: readonly JobHandler[]): Promise<void>;
  /** Instead of `start`: installs the same, so that jobs can be enqueued, and leaves running them to other processes. */
  startWithoutWorkers(handlers: readonly JobHandler[]): Promise<void>;
  /** Resolves when enqueue works; to be awaited before a transaction that enqueues. @throws when start has failed. */
  ready(): Promise<void>;
  /** For readiness. @throws what keeps jobs from being enqueued, in words for whoever runs the server; not while it starts */
  check(): Promise<void>;
  /**
   * @returns the job's id, or null when there already is one with the given id
   * @throws JobDataError when the data does not fit
   * @throws JobQueueNotReadyError when given a transaction before the queue is ready
   */
  enqueue<Data extends z.ZodObject>(
    job: Job<Data>,
    data: z.input<Data>,
    options?: EnqueueOptions,
  ): Promise<string | null>;
  /** Has this process's workers look for such jobs now, and not only at their next poll. */
  lookFor(job: Pick<Job, "name">): void;
  /** Takes no more jobs and waits for the running ones; those that take too long are cut off, to be run again. */
  stop(): Promise<void>;
}

/** A transaction cannot wait for the queue: on the embedded database the queue waits for the transaction. */
export class JobQueueNotReadyError extends Error {
  override readonly name = "JobQueueNotReadyError";

  constructor() {
    super("The job queue is not ready. Await ready() before the transaction.");
  }
}

/** A job queue in the database: pg-boss, whose schema is `pgboss`, made at the first start. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { database, log, onFinished } = options;
  const cadence = { ...DEFAULT_CADENCE, ...options.cadence };
  const installed = Promise.withResolvers<PgBoss>();
  installed.promise.catch(() => {});
  const workers = new Map<string, string[]>();
  let boss: PgBoss | undefined;
  let isReady = false;
  /** Why there is no queue. */
  let trouble: string | null = null;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  const stopped = new AbortController();

  async function start(handlers: readonly JobHandler[]): Promise<void> {
    const boss = await install(handlers);
    for (const handler of handlers) await addUndertaker(boss, handler);
    for (const handler of handlers) {
      for (let i = 0; i < handler.job.options.concurrency; i++) await addWorker(boss, handler);
    }
  }

  async function install(handlers: readonly JobHandler[]): Promise<PgBoss> {
    boss = await openBoss(database.driver, cadence);
    // An error event without a listener would end the process. All of these pg-boss tries again by itself.
    boss.on("error", (error) => log.error({ err: error }, "the job queue has an error"));
    boss.on("warning", ({ message, data }) => log.warn({ data }, message));
    await boss.start();
    await installQueues(boss, handlers);
    if (database.engine === "pglite") await releaseOrphans(boss, handlers);
    isReady = true;
    trouble = null;
    installed.resolve(boss);
    return boss;
  }

  async function addWorker(boss: PgBoss, handler: JobHandler): Promise<void> {
    const { name } = handler.job;
    const options = {
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: cadence.pollSeconds,
    } as const;
    const worker: string = await boss.work<unknown, void, typeof options>(name, options, async ([job]) => {
      if (job === undefined) return [];
      try {
        return await runAttempt(handler, job, {
          log,
          onCompleted: (queue) => onFinished(queue, "completed"),
        });
      } finally {
        // Look for the next one at once; otherwise pg-boss rests for the polling interval after every job.
        boss.notifyWorker(worker);
      }
    });
    workers.set(name, [...(workers.get(name) ?? []), worker]);
  }

  async function addUndertaker(boss: PgBoss, handler: JobHandler): Promise<void> {
    const options = { includeMetadata: true, pollingIntervalSeconds: cadence.pollSeconds } as const;
    await boss.work<object, void, typeof options>(givenUpQueue(handler.job), options, async (jobs) => {
      for (const job of jobs) await giveUp(handler, job);
    });
  }

  async function giveUp(handler: JobHandler, job: JobWithMetadata<object>): Promise<void> {
    const { name: queue } = handler.job;
    const { sourceId: jobId, sourceRetryCount, output: err } = job;
    // Where it came from is only known the first time.
    if (sourceRetryCount !== null) {
      log.error({ queue, jobId, attempts: sourceRetryCount + 1, err }, "a job was given up");
    }
    // Data that never fitted the job has left nothing behind.
    await handler.givenUp(job.data).catch((error: unknown) => {
      if (error instanceof JobDataError) return;
      log.error({ queue, err: error }, "a job that was given up could not be brought to its end");
      throw error;
    });
    onFinished(queue, "failed");
  }

  function lookFor({ name }: Pick<Job, "name">): void {
    for (const worker of workers.get(name) ?? []) boss?.notifyWorker(worker);
  }

  async function stop(): Promise<void> {
    installed.reject(new Error("The job queue has stopped."));
    stopped.abort();
    await starting?.catch(() => {});
    await stopBossQuietly([...workers.keys()].flatMap((name) => [givenUpQueue({ name }), name]));
  }

  function startOnce(begin: () => Promise<unknown>): Promise<void> {
    starting ??= startAgain(begin);
    starting.catch((error) => {
      installed.reject(error);
      trouble =
        error instanceof MissingRightError ? error.message : "the job queue did not start, see the log";
    });
    return starting;
  }

  /** A database that goes while the queue starts must not cost the process its jobs until somebody restarts it. */
  async function startAgain(begin: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await begin();
        return;
      } catch (error) {
        if (!isOutage(error) || stopped.signal.aborted) throw error;
        trouble = "the job queue waits for the database";
        log.warn({ err: error }, "the job queue could not start without the database: it tries again");
        workers.clear();
        await stopBossQuietly([]);
        await delay(START_AGAIN_MS, null, { signal: stopped.signal });
      }
    }
  }

  async function stopBossQuietly(queues: readonly string[]): Promise<void> {
    if (!boss) return;
    try {
      await stopBoss(boss, queues, options.stopSeconds ?? STOP_SECONDS);
    } catch (error) {
      log.error({ err: error }, "the job queue did not stop cleanly: its jobs will run again");
    }
  }

  return {
    start: (handlers) => startOnce(() => start(handlers)),
    startWithoutWorkers: (handlers) => startOnce(() => install(handlers)),
    async ready() {
      await installed.promise;
    },
    async enqueue(job, data, { tx, id, startAfter } = {}) {
      // What the handler will be given is what JSON makes of the data, so that is what must fit.
      const stored = JSON.parse(JSON.stringify(data));
      parseJobData(job, stored);
      if (tx && !isReady) throw new JobQueueNotReadyError();
      const boss = await installed.promise;
      const { fromPrisma } = await import("pg-boss");
      const jobId = await boss.send(job.name, stored, {
        ...(tx && { db: fromPrisma(tx) }),
        ...(id !== undefined && { id }),
        ...(startAfter && { startAfter }),
      });
      // On the embedded database the worker's look waits until the transaction has ended. On a server it would come too
      // early: `lookFor` is for after the commit.
      if (!tx || database.engine === "pglite") lookFor(job);
      return jobId;
    },
    async check() {
      if (trouble !== null) throw new Error(trouble);
      // On the embedded database nobody else can take away what the start has made.
      if (!isReady || database.engine === "pglite") return;
      const isGone = await mustMakeSchema(database.driver).catch((err: unknown) => {
        if (err instanceof MissingRightError) throw err;
        log.warn({ err }, CANNOT_ASK);
        throw new Error(CANNOT_ASK);
      });
      if (isGone) throw new Error("the job queue's schema pgboss is gone: restart to make it again");
    },
    lookFor,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
