import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { handleJob } from "../../src/jobs/job-handler.ts";
import { createJobQueue, type JobQueue } from "../../src/jobs/job-queue.ts";
import { type Child, startChild } from "../support/child.ts";
import {
  createPostgresTestDatabase,
  createUnmigratedPostgresDatabase,
  postgresAvailable,
} from "../support/database.ts";
import { hanging, happenings, note, QUICK, recordLog } from "./support.ts";

let directory: string;
let child: Child | undefined;
let ending: (() => Promise<void>)[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-jobs-"));
  child = undefined;
  ending = [];
});
afterEach(async () => {
  await child?.kill();
  for (const end of ending.reverse()) await end();
  rmSync(directory, { recursive: true });
});

function makeQueue(database: Database, onFinished: () => void = () => {}): JobQueue {
  // On the embedded database the start itself finds the dead process's job; on a server the supervision does.
  const cadence = database.engine === "pglite" ? { ...QUICK, supervisionSeconds: 3600 } : QUICK;
  const queue = createJobQueue({ database, log: recordLog().log, onFinished, cadence });
  ending.push(() => queue.stop());
  return queue;
}

/** Kills a process in the middle of a job, then runs that job here. */
async function runAfterKill(place: string, open: () => Promise<Database>): Promise<unknown[]> {
  const worker = startChild(new URL("children/hang.ts", import.meta.url), place);
  child = worker;
  expect(await worker.line()).toBe("running 7, attempt 1");
  await worker.kill();

  const database = await open();
  const finished = happenings<void>();
  const queue = makeQueue(database, () => finished.add());
  const runs: unknown[] = [];
  await queue.start([handleJob(hanging, async ({ data, attempt }) => void runs.push({ data, attempt }))]);
  await finished.until((all) => all.length === 1);
  return runs;
}

describe("the job of a killed process runs again", () => {
  test("on the embedded database", async () => {
    const embeddedPath = join(directory, "data.db");
    const runs = await runAfterKill(embeddedPath, async () => {
      const database = await openDatabase({ embeddedPath });
      ending.push(() => database.close());
      return database;
    });
    expect(runs).toEqual([{ data: { n: 7 }, attempt: 2 }]);
  });

  test.skipIf(!postgresAvailable)("on PostgreSQL", async () => {
    const database = await createPostgresTestDatabase();
    ending.push(() => database.close());
    const runs = await runAfterKill(urlOf(database), async () => database);
    expect(runs).toEqual([{ data: { n: 7 }, attempt: 2 }]);
  });
});

describe.skipIf(!postgresAvailable)("two queues on one PostgreSQL", () => {
  test("start at the same time on a new database, and share 100 jobs", async () => {
    const database = await createUnmigratedPostgresDatabase();
    ending.push(() => database.close());
    const second = await openDatabase({ databaseUrl: urlOf(database), embeddedPath: "" });
    ending.push(() => second.close());

    const done = happenings<[queue: number, job: number]>();
    const bothHaveOne = Promise.withResolvers<void>();
    const queues = [makeQueue(database), makeQueue(second)];
    const handler = (queue: number) =>
      handleJob(note, async ({ data }) => {
        done.add([queue, data.n]);
        if (new Set(done.all.map(([which]) => which)).size === queues.length) bothHaveOne.resolve();
        await bothHaveOne.promise;
      });
    await Promise.all(queues.map((queue, i) => queue.start([handler(i)])));
    const wanted = Array.from({ length: 100 }, (_, n) => n);
    await Promise.all(wanted.map((n) => queues[n % 2]?.enqueue(note, { n })));

    await done.until((all) => new Set(all.map(([, job]) => job)).size === wanted.length);
    expect(new Set(done.all.map(([which]) => which))).toEqual(new Set([0, 1]));
  });
});

describe.skipIf(!postgresAvailable)("a queue whose connections break", () => {
  test("logs it and works on", async () => {
    const database = await createPostgresTestDatabase();
    ending.push(() => database.close());
    const errors = happenings<object>();
    const log = { ...recordLog().log, error: (detail: object) => errors.add(detail) };
    const done = happenings<number>();
    const queue = createJobQueue({ database, log, onFinished: () => {}, cadence: QUICK });
    ending.push(() => queue.stop());
    await queue.start([handleJob(note, async ({ data }) => done.add(data.n))]);
    await queue.enqueue(note, { n: 1 });
    await done.until((all) => all.length === 1);

    const broken = await database.prisma.$queryRaw<unknown[]>`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'gatehouse-jobs'`;
    expect(broken.length).toBeGreaterThan(0);
    await errors.until((all) => all.length > 0);
    // Over the requests' connections, which are whole; the queue may still find a broken one.
    await database.prisma.$transaction((tx) => queue.enqueue(note, { n: 2 }, { tx }));
    await done.until((all) => all.includes(2));
  });
});

function urlOf({ driver }: Database): string {
  if (driver.kind !== "postgres") throw new Error("Only a server has a URL.");
  return driver.connectionString;
}
