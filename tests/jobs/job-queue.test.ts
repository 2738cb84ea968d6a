import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/db/database.ts";
import { defineJob } from "../../src/jobs/define-job.ts";
import { handleJob, type JobHandler, type JobRun } from "../../src/jobs/job-handler.ts";
import { createJobQueue, type JobQueue } from "../../src/jobs/job-queue.ts";
import type { Cadence } from "../../src/jobs/open-boss.ts";
import { createTestDatabase } from "../support/database.ts";
import { happenings, note, QUICK, recordLog } from "./support.ts";

type Note = JobRun<{ n: number }>;

let database: Database;
let queues: JobQueue[];
let runs: ReturnType<typeof happenings<Note>>;
let finished: ReturnType<typeof happenings<[string, string]>>;
let recorded: ReturnType<typeof recordLog>;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  queues = [];
  runs = happenings();
  finished = happenings();
  recorded = recordLog();
});
afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.stop()));
  await database.prisma.$executeRaw`DROP SCHEMA IF EXISTS pgboss CASCADE`;
});

function createQueue(cadence: Partial<Cadence> = {}): JobQueue {
  const queue = createJobQueue({
    database,
    log: recorded.log,
    onFinished: (name, outcome) => finished.add([name, outcome]),
    stopSeconds: 0.2,
    cadence: { ...QUICK, ...cadence },
  });
  queues.push(queue);
  return queue;
}

async function startQueue(...handlers: JobHandler[]): Promise<JobQueue> {
  const queue = createQueue();
  await queue.start(handlers);
  return queue;
}

/** Notes that it ran, then does what it is told. */
const noting = (then: (run: Note) => Promise<void> = async () => {}) =>
  handleJob(note, async (run) => {
    runs.add(run);
    await then(run);
  });

const numbers = () => runs.all.map(({ data }) => data.n);

describe("a job", () => {
  test("runs with its data, as attempt 1, and is counted as completed", async () => {
    const queue = await startQueue(noting());
    const id = await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(finished.all).toEqual([["note", "completed"]]);
    expect(runs.all).toEqual([{ data: { n: 1 }, attempt: 1, jobId: id, signal: expect.any(AbortSignal) }]);
    expect(recorded.lines).toEqual([]);
  });

  test("enqueued before the queue has started waits for it", async () => {
    const queue = createQueue();
    const enqueued = queue.enqueue(note, { n: 1 });
    await queue.start([noting()]);
    expect(await enqueued).not.toBeNull();
    await runs.until((all) => all.length === 1);
  });

  test("runs as soon as it is enqueued, and the next right after it: nothing waits for the poll", async () => {
    const queue = createQueue({ pollSeconds: 3600 });
    const enqueued = Promise.withResolvers<void>();
    await queue.start([noting(() => enqueued.promise)]);
    await queue.enqueue(note, { n: 1 });
    await runs.until((all) => all.length === 1);
    for (const n of [2, 3]) await queue.enqueue(note, { n });
    enqueued.resolve();
    await finished.until((all) => all.length === 3);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  test("runs beside others of its kind, as many as it says", async () => {
    const twins = defineJob({ ...note, options: { ...note.options, concurrency: 2 } });
    const both = Promise.withResolvers<void>();
    const queue = await startQueue(
      handleJob(twins, async (run) => {
        runs.add(run);
        if (runs.all.length === 2) both.resolve();
        await both.promise;
      }),
    );
    await Promise.all([queue.enqueue(twins, { n: 1 }), queue.enqueue(twins, { n: 2 })]);
    await finished.until((all) => all.length === 2);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test("with an id that there already is is not enqueued again", async () => {
    const queue = await startQueue(noting());
    const id = crypto.randomUUID();
    expect(await queue.enqueue(note, { n: 1 }, { id })).toBe(id);
    expect(await queue.enqueue(note, { n: 2 }, { id })).toBeNull();
    await queue.enqueue(note, { n: 3 });
    await runs.until((all) => all.length === 2);
    expect(numbers()).toEqual([1, 3]);
  });

  test.each([
    ["of another type", note, { n: "1" }, "at n"],
    ["that is missing", note, {}, "at n"],
    [
      "that JSON does not carry",
      defineJob({ name: "note", data: z.object({ at: z.date() }) }),
      { at: new Date(0) },
      "at at",
    ],
  ])("with data %s is refused when it is enqueued", async (_, job, data, field) => {
    const queue = await startQueue(noting());
    await expect(queue.enqueue(job as typeof note, data as never)).rejects.toMatchObject({
      name: "JobDataError",
      message: expect.stringContaining(field),
    });
    await queue.enqueue(note, { n: 2 });
    await finished.until((all) => all.length === 1);
    expect(numbers()).toEqual([2]);
  });

  test("whose data does not fit any more is given up without a retry, and does not run", async () => {
    const older = defineJob({ name: note.name, data: z.object({ text: z.string() }) });
    const queue = await startQueue(noting());
    const jobId = await queue.enqueue(older, { text: "hello" });
    await finished.until((all) => all.length === 1);
    expect(finished.all).toEqual([["note", "failed"]]);
    expect(runs.all).toEqual([]);
    expect(recorded.lines.at(-1)).toMatchObject({
      level: "error",
      detail: { queue: "note", jobId, attempts: 1, err: { message: expect.stringContaining("at n") } },
      message: "a job was given up",
    });
  });

  test("that fails is tried again, and counted once when it succeeds", async () => {
    const failsOnce = noting(async ({ attempt }) => {
      if (attempt === 1) throw new Error("not yet");
    });
    const queue = await startQueue(failsOnce);
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(finished.all).toEqual([["note", "completed"]]);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(recorded.lines).toMatchObject([{ level: "warn", message: "a job's attempt failed" }]);
  });

  test("that fails every time is given up after its retries, logged with its error, and counted once", async () => {
    const failing = noting(() => Promise.reject(new Error("never")));
    const queue = await startQueue(failing);
    const jobId = await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(finished.all).toEqual([["note", "failed"]]);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(recorded.lines.map(({ level }) => level)).toEqual(["warn", "warn", "warn", "error"]);
    expect(recorded.lines.at(-1)?.detail).toMatchObject({ jobId, attempts: 3, err: { message: "never" } });
  });

  test("that takes too long is cut off and tried again", async () => {
    const slow = noting(async ({ attempt, signal }) => {
      if (attempt === 1) await aborted(signal);
    });
    const queue = await startQueue(slow);
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(recorded.lines).toMatchObject([
      { level: "warn", message: expect.stringContaining("was cut off") },
    ]);
  });
});

describe("a job that is given up", () => {
  let ended: ReturnType<typeof happenings<{ n: number }>>;
  beforeEach(() => {
    ended = happenings();
  });

  /** Fails at each attempt, and notes with what it was given up. */
  const failing = (then: () => Promise<void> = async () => {}) =>
    handleJob(
      note,
      async (run) => {
        runs.add(run);
        throw new Error("never");
      },
      {
        givenUp: async (data) => {
          ended.add(data);
          await then();
        },
      },
    );

  test("is brought to an end once, with its data, after its last attempt", async () => {
    const queue = await startQueue(failing());
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(ended.all).toEqual([{ n: 1 }]);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(finished.all).toEqual([["note", "failed"]]);
  });

  test("is brought to an end before it counts as failed", async () => {
    const free = Promise.withResolvers<void>();
    const queue = await startQueue(failing(() => free.promise));
    await queue.enqueue(note, { n: 1 });
    await ended.until((all) => all.length === 1);
    expect(finished.all).toEqual([]);
    free.resolve();
    await finished.until((all) => all.length === 1);
  });

  test("has nothing to be brought to an end when its data never fitted", async () => {
    const older = defineJob({ name: note.name, data: z.object({ text: z.string() }) });
    const queue = await startQueue(failing());
    await queue.enqueue(older, { text: "hello" });
    await finished.until((all) => all.length === 1);
    expect(finished.all).toEqual([["note", "failed"]]);
    expect(ended.all).toEqual([]);
  });

  test("is tried to be brought to an end again when that fails, and counted once", async () => {
    const queue = await startQueue(
      failing(async () => {
        if (ended.all.length === 1) throw new Error("the database is away");
      }),
    );
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    expect(ended.all).toEqual([{ n: 1 }, { n: 1 }]);
    expect(finished.all).toEqual([["note", "failed"]]);
    expect(runs.all).toHaveLength(3);
  });

  test("is brought to an end by the handler of its own queue alone", async () => {
    const other = defineJob({ ...note, name: "other" });
    const others: unknown[] = [];
    const succeeding = handleJob(other, async () => {}, { givenUp: async (data) => void others.push(data) });
    const queue = await startQueue(succeeding, failing());
    await queue.enqueue(other, { n: 2 });
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 2);
    expect(ended.all).toEqual([{ n: 1 }]);
    expect(others).toEqual([]);
  });
});

describe("a job enqueued in a transaction", () => {
  test("runs when it commits, and not before", async () => {
    const queue = await startQueue(noting());
    await database.prisma.$transaction(async (tx) => {
      await queue.enqueue(note, { n: 1 }, { tx });
      await tx.planTier.count();
      expect(runs.all).toEqual([]);
    });
    await runs.until((all) => all.length === 1);
    expect(numbers()).toEqual([1]);
  });

  test("does not wait for the poll when the workers are told to look after the commit", async () => {
    const queue = createQueue({ pollSeconds: 3600 });
    await queue.start([noting()]);
    await queue.enqueue(note, { n: 1 });
    await finished.until((all) => all.length === 1);
    await database.prisma.$transaction(async (tx) => {
      await queue.enqueue(note, { n: 2 }, { tx });
      // Time for the look that follows the first job: it must not be what finds the second.
      for (let i = 0; i < 50; i++) await tx.planTier.count();
    });
    queue.lookFor(note);
    await runs.until((all) => all.length === 2);
    expect(numbers()).toEqual([1, 2]);
  });

  test("never runs when it rolls back", async () => {
    const queue = await startQueue(noting());
    const rolledBack = database.prisma.$transaction(async (tx) => {
      await queue.enqueue(note, { n: 1 }, { tx });
      throw new Error("changed my mind");
    });
    await expect(rolledBack).rejects.toThrow("changed my mind");
    const rows = await database.prisma.$queryRaw`SELECT 1 FROM pgboss.job WHERE name = 'note'`;
    expect(rows).toEqual([]);
    await queue.enqueue(note, { n: 2 });
    await finished.until((all) => all.length === 1);
    expect(numbers()).toEqual([2]);
  });

  test("is refused before the queue is ready, instead of waiting for itself", async () => {
    const queue = createQueue();
    const early = database.prisma.$transaction((tx) => queue.enqueue(note, { n: 1 }, { tx }));
    await expect(early).rejects.toMatchObject({ name: "JobQueueNotReadyError" });
    await Promise.all([
      queue.start([noting()]),
      queue.ready().then(() => database.prisma.$transaction((tx) => queue.enqueue(note, { n: 2 }, { tx }))),
    ]);
    await runs.until((all) => all.length === 1);
    expect(numbers()).toEqual([2]);
  });
});

describe("stop", () => {
  test("waits for the running handler, and takes no more jobs", async () => {
    const release = Promise.withResolvers<void>();
    const queue = await startQueue(noting(() => release.promise));
    await queue.enqueue(note, { n: 1 });
    await queue.enqueue(note, { n: 2 });
    await runs.until((all) => all.length === 1);
    const stopped = queue.stop().then(() => finished.all.length);
    // Time for a stop that does not wait to get to its end.
    for (let i = 0; i < 20; i++) await database.ping();
    release.resolve();
    expect(await stopped).toBe(1);
    expect(numbers()).toEqual([1]);
  });

  test("cuts off a handler that takes too long; its job runs again in the next process", async () => {
    const stuck = defineJob({ ...note, options: { ...note.options, timeoutSeconds: 60 } });
    const queue = await startQueue(
      handleJob(stuck, async (run) => {
        runs.add(run);
        await aborted(run.signal);
      }),
    );
    await queue.enqueue(stuck, { n: 1 });
    await runs.until((all) => all.length === 1);
    await queue.stop();
    expect(runs.all[0]?.signal.aborted).toBe(true);
    expect(finished.all).toEqual([]);

    await startQueue(noting());
    await finished.until((all) => all.length === 1);
    expect(runs.all.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test("waits for a start that is under way, and is safe without one and twice", async () => {
    const queue = createQueue();
    const started = queue.start([noting()]);
    await Promise.all([queue.stop(), queue.stop()]);
    await started;
    await createQueue().stop();
    createQueue().lookFor(note);
    expect(recorded.lines).toEqual([]);
  });
});

describe("a start that fails", () => {
  test("says so, to those who wait to enqueue as well", async () => {
    await database.prisma.$executeRaw`CREATE SCHEMA pgboss`;
    await database.prisma.$executeRaw`CREATE TABLE pgboss.version AS SELECT 1 AS version`;
    const queue = createQueue();
    const waiting = expect(queue.enqueue(note, { n: 1 })).rejects.toThrow("pgboss");
    await expect(queue.start([noting()])).rejects.toThrow("pgboss");
    await waiting;
    await expect(queue.ready()).rejects.toThrow("pgboss");
  });
});

describe("a second start", () => {
  test("takes over changed settings and drops the schedules of earlier releases", async () => {
    await (await startQueue(handleJob(note, async () => {}))).stop();
    await database.prisma.$executeRaw`
      INSERT INTO pgboss.schedule (name, cron, timezone) VALUES ('note', '* * * * *', 'UTC')`;
    const patient = defineJob({ ...note, options: { ...note.options, retries: 9 } });
    await (await startQueue(handleJob(patient, async () => {}))).stop();
    expect(await database.prisma.$queryRaw`SELECT retry_limit FROM pgboss.queue WHERE name = 'note'`).toEqual(
      [{ retry_limit: 9 }],
    );
    expect(await database.prisma.$queryRaw`SELECT name FROM pgboss.schedule`).toEqual([]);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
