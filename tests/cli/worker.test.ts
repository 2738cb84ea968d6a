import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/db/database.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { purgeIdempotencyKeys, purgeIdempotencyKeysHandler } from "../../src/jobs/purge-idempotency-keys.ts";
import { insertRow, VALID_ROWS } from "../db/rows.ts";
import { recordLog } from "../jobs/support.ts";
import { STARTS_TIMEOUT_MS } from "../recovery/support/server.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";
import { gatehouse, startGatehouse } from "../support/process.ts";

vi.setConfig({ testTimeout: STARTS_TIMEOUT_MS });

describe("with the embedded database, which one process can open,", () => {
  test.each([
    ["worker", ["worker"]],
    ["serve --no-jobs", ["serve", "--no-jobs"]],
  ])("%s is refused: it needs DATABASE_URL", async (_, args) => {
    const { code, stdout, stderr } = await gatehouse(args, { PIPELINE_DB_PATH: "/nonexistent/never-made" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("DATABASE_URL");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe.skipIf(!postgresAvailable)("workers on PostgreSQL", () => {
  test("run the jobs of a server without jobs; one that is stopped finishes its job, the next goes to another", async () => {
    const database = await createPostgresTestDatabase();
    onTestFinished(() => database.close());
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const env = { DATABASE_URL: database.driver.connectionString, SEED_DEMO: "false" };
    const jobs = await makeJobs(database);

    const server = startGatehouse(["serve", "--port", "0", "--no-jobs"], {
      ...env,
      PORT: "taken from --port",
    });
    await server.printed('"msg":"ready"');
    await jobs.enqueue();
    const first = startGatehouse(["worker"], env);
    await first.printed(DONE);

    const release = await jobs.holdBack();
    await jobs.enqueue();
    await expect.poll(jobs.waiting, { timeout: STARTS_TIMEOUT_MS }).toBe(1);
    const stopped = first.end("SIGTERM");
    await first.printed('"msg":"draining"');
    await release();
    const { code, signal, stdout, stderr } = await stopped;
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    expect(stdout.split(DONE)).toHaveLength(3);

    await jobs.enqueue();
    const second = startGatehouse(["worker"], env);
    await second.printed(DONE);
    expect(await second.end("SIGINT")).toMatchObject({ code: 0, stderr: "" });
    expect(await server.end("SIGTERM")).toMatchObject({ code: 0, stderr: "" });
    expect(server.output).not.toContain(DONE);
  });
});

/** What a process logs that has run one of these jobs. */
const DONE = "expired idempotency keys were deleted";

/** Jobs that each have one expired key to delete. */
async function makeJobs(database: Database) {
  const { prisma } = database;
  await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
  await insertRow(database, "user_account", VALID_ROWS.user_account);
  const expired = { ...VALID_ROWS.idempotency_record, key: "old", expires_at: "2026-01-01T00:00:00.000Z" };
  const { log } = recordLog();
  const queue = createJobQueue({ database, log, onFinished: () => {} });
  onTestFinished(() => queue.stop());
  await queue.startWithoutWorkers([purgeIdempotencyKeysHandler({ prisma, clock: systemClock, log })]);
  return {
    async enqueue(): Promise<void> {
      if ((await prisma.idempotencyRecord.count()) === 0)
        await insertRow(database, "idempotency_record", expired);
      await queue.enqueue(purgeIdempotencyKeys, {});
    },
    /** Locks a new key, so that the job that deletes it has to wait; the result lets go. */
    async holdBack(): Promise<() => Promise<void>> {
      await insertRow(database, "idempotency_record", expired);
      const held = Promise.withResolvers<void>();
      const over = Promise.withResolvers<void>();
      const holding = prisma.$transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT key FROM idempotency_record FOR UPDATE`;
          held.resolve();
          await over.promise;
        },
        { timeout: STARTS_TIMEOUT_MS },
      );
      await held.promise;
      return async () => {
        over.resolve();
        await holding;
      };
    },
    /** How many statements wait for a lock. */
    async waiting(): Promise<number> {
      const [row] = await prisma.$queryRaw<{ waiting: bigint }[]>`
        SELECT count(*) AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return Number(row?.waiting);
    },
  };
}
