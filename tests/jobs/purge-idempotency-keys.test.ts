import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { purgeIdempotencyKeys, purgeIdempotencyKeysHandler } from "../../src/jobs/purge-idempotency-keys.ts";
import { sweepHandler } from "../../src/jobs/sweep.ts";
import { sweepExpiredLeasesHandler } from "../../src/jobs/sweep-expired-leases.ts";
import { insertRow, VALID_ROWS } from "../db/rows.ts";
import { createTestDatabase } from "../support/database.ts";
import { SequentialIds } from "../support/ids.ts";
import { happenings, QUICK, recordLog } from "./support.ts";

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const services = (clock: Clock) => ({
  prisma: database.prisma,
  clock,
  ids: new SequentialIds(),
  wakeups: { publish: () => {} },
});

test("the purge deletes exactly the keys that have expired by the given clock", async () => {
  await insertRow(database, "plan_tier", VALID_ROWS.plan_tier);
  await insertRow(database, "user_account", VALID_ROWS.user_account);
  for (const [key, expires_at] of [
    ["long ago", "2026-01-01T00:00:00.000Z"],
    ["just now", "2026-03-01T12:00:00.000Z"],
    ["soon", "2026-03-01T12:00:00.001Z"],
    ["tomorrow", "2026-03-02T12:00:00.000Z"],
  ] as const) {
    await insertRow(database, "idempotency_record", { ...VALID_ROWS.idempotency_record, key, expires_at });
  }
  const clock = { now: () => new Date("2026-03-01T12:00:00.000Z") };
  const finished = happenings<string>();
  const { log, lines } = recordLog();
  const queue = createJobQueue({
    database,
    log,
    onFinished: (_, outcome) => finished.add(outcome),
    cadence: QUICK,
  });
  await queue.start([purgeIdempotencyKeysHandler({ ...services(clock), log })]);
  await queue.enqueue(purgeIdempotencyKeys, {});
  await finished.until((all) => all.length > 0);
  await queue.stop();
  expect(finished.all[0]).toBe("completed");
  const left = await database.prisma.idempotencyRecord.findMany({
    select: { key: true },
    orderBy: { key: "asc" },
  });
  expect(left).toEqual([{ key: "soon" }, { key: "tomorrow" }]);
  expect(lines[0]).toMatchObject({ level: "info", detail: { deleted: 2 } });
});

test("the purge is scheduled for every full hour and a sweep for its minutes, UTC", async () => {
  const { log } = recordLog();
  const queue = createJobQueue({ database, log, onFinished: () => {} });
  const given = services({ now: () => new Date(0) });
  const sweep = { name: "sweep-the-yard", everyMinutes: 5, look: async () => 0, tell: () => {} };
  await queue.start([
    purgeIdempotencyKeysHandler({ ...given, log }),
    sweepExpiredLeasesHandler(given, log),
    sweepHandler(sweep),
  ]);
  await queue.stop();
  expect(
    await database.prisma.$queryRaw`SELECT name, cron, timezone FROM pgboss.schedule ORDER BY name`,
  ).toEqual([
    { name: "purge-idempotency-keys", cron: "0 * * * *", timezone: "UTC" },
    { name: "sweep-expired-leases", cron: "* * * * *", timezone: "UTC" },
    { name: "sweep-the-yard", cron: "*/5 * * * *", timezone: "UTC" },
  ]);
});
