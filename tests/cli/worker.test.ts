import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { insertRow, VALID_ROWS } from "../db/rows.ts";
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
  test("run the sweeps of a server without jobs; one that is stopped finishes its sweep, the next goes to another", async () => {
    const database = await createPostgresTestDatabase();
    onTestFinished(() => database.close());
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const env = { DATABASE_URL: database.driver.connectionString, SEED_DEMO: "false" };
    const keys = await makeKeys(database);

    const server = startGatehouse(["serve", "--port", "0", "--no-jobs"], {
      ...env,
      PORT: "taken from --port",
    });
    await server.printed('"msg":"ready"');
    await keys.expire();
    const release = await keys.holdBack();
    const first = startGatehouse(["worker"], env);
    await expect.poll(keys.waiting, { timeout: STARTS_TIMEOUT_MS }).toBe(1);
    const stopped = first.end("SIGTERM");
    await first.printed('"msg":"draining"');
    await release();
    const { code, signal, stdout, stderr } = await stopped;
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    expect(stdout.split(DONE)).toHaveLength(2);

    await keys.expire();
    const second = startGatehouse(["worker"], env);
    await second.printed(DONE);
    expect(await second.end("SIGINT")).toMatchObject({ code: 0, stderr: "" });
    expect(await server.end("SIGTERM")).toMatchObject({ code: 0, stderr: "" });
    expect(server.output).not.toContain(DONE);
  });
});

/** What a process logs whose sweep has deleted a key. */
const DONE = "expired idempotency keys were deleted";

/** Keys that have expired, which the first sweep of a process deletes. */
async function makeKeys(database: Database) {
  const { prisma } = database;
  await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
  await insertRow(database, "user_account", VALID_ROWS.user_account);
  const expired = { ...VALID_ROWS.idempotency_record, key: "old", expires_at: "2026-01-01T00:00:00.000Z" };
  return {
    expire: () => insertRow(database, "idempotency_record", expired),
    /** Locks the key, so that the sweep that deletes it has to wait; the result lets go. */
    async holdBack(): Promise<() => Promise<void>> {
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
