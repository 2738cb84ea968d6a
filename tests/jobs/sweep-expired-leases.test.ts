import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";
import { sweepExpiredLeasesHandler } from "../../src/jobs/sweep-expired-leases.ts";
import { loadPlanTiers } from "../../src/services/account/load-plan-tiers.ts";
import { claimWorkstream } from "../../src/services/run/claim-workstream.ts";
import { createRun } from "../../src/services/run/create-run.ts";
import { createProject } from "../../src/services/stage/create-project.ts";
import { TestClock } from "../support/clock.ts";
import { createTestDatabase } from "../support/database.ts";
import { SequentialIds } from "../support/ids.ts";
import { happenings, QUICK, recordLog } from "./support.ts";

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("the sweep gives back what has expired by the given clock, and tells who listens", async () => {
  const { prisma } = database;
  const [clock, ids] = [new TestClock(), new SequentialIds()];
  const woken: { projectId: string; sequence: number }[] = [];
  const wakeups = { publish: (wakeup: (typeof woken)[number]) => void woken.push(wakeup) };
  const services = { prisma, clock, ids, wakeups };
  await loadPlanTiers(prisma);
  const userId = ids.next();
  const now = clock.now();
  const identity = { issuer: "test", subject: "founder", plan: "PARTNER" };
  await prisma.user.create({ data: { id: userId, ...identity, createdAt: now, updatedAt: now } });
  const caller = { userId, actor: "AGENT", correlationId: ids.next(), idempotencyKey: null } as const;
  const { id: projectId } = await createProject(services, caller, { name: "Ledger" });
  const workstreams = [{ key: "short" }, { key: "long" }];
  const { id: runId } = await createRun(services, caller, { projectId, title: "Build", workstreams });
  for (const leaseSeconds of [60, 120]) {
    await claimWorkstream(services, caller, { runId, agent: "agent", leaseSeconds });
  }
  clock.advanceSeconds(60);
  woken.length = 0;

  const finished = happenings<string>();
  const { log, lines } = recordLog();
  const queue = createJobQueue({
    database,
    log,
    onFinished: (_, outcome) => finished.add(outcome),
    cadence: QUICK,
  });
  const sweep = sweepExpiredLeasesHandler(services, log);
  await queue.start([sweep]);
  await queue.enqueue(sweep.job, {});
  await finished.until((all) => all.length > 0);
  await queue.stop();

  expect(finished.all[0]).toBe("completed");
  const rows = await prisma.workstream.findMany({ where: { runId }, orderBy: { position: "asc" } });
  expect(rows.map(({ key, status, attempt }) => ({ key, status, attempt }))).toEqual([
    { key: "short", status: "READY", attempt: 1 },
    { key: "long", status: "EDITING", attempt: 1 },
  ]);
  const newest = await prisma.event.findFirstOrThrow({ where: { projectId }, orderBy: { sequence: "desc" } });
  expect(newest).toMatchObject({ type: "lease_expired", actor: "SYSTEM", workstreamId: rows[0]?.id });
  expect(woken).toMatchObject([{ projectId, sequence: newest.sequence }]);
  expect(lines[0]).toMatchObject({ level: "info", detail: { projects: 1 } });
});
