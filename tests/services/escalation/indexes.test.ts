import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import type { Transaction } from "../../../src/services/command/command.ts";
import { applyDeadlines } from "../../../src/services/escalation/apply-deadlines.ts";
import { inboxOf } from "../../../src/services/escalation/inbox.ts";
import { insertValidRows, OTHER_USER, VALID_ROWS } from "../../db/rows.ts";
import { TestClock } from "../../support/clock.ts";
import { createTestDatabase } from "../../support/database.ts";
import { SequentialIds } from "../../support/ids.ts";

const OTHERS = 200;
const ANSWERED_EACH = 100;
const PENDING_EACH = 2;
/** How many entries of an index may be looked at for one project's inbox: less than a project's answered ones. */
const LITTLE = 50;

let database: Database;
const clock = new TestClock();

// As a system that many have used for a year: nearly everything that was ever asked is answered, and somebody else's.
beforeAll(async () => {
  database = await createTestDatabase();
  await insertValidRows(database);
  const { prisma } = database;
  const { run, workstream, project } = VALID_ROWS;
  const now = clock.now();
  const dueAt = new Date(now.getTime() + 60_000);
  await prisma.$executeRaw`
    INSERT INTO project (id, owner_id, name, event_hash, created_at, updated_at)
    SELECT gen_random_uuid(), ${OTHER_USER}::uuid, 'p', ${project.event_hash}, ${now}, ${now}
    FROM generate_series(1, ${OTHERS})`;
  await prisma.$executeRaw`
    INSERT INTO agent_escalation (id, session_id, run_id, workstream_id, project_id, origin, error_type, error_signature,
      plain_english_problem, recommended_action, status, resolution, resolved_at, due_at, created_at)
    SELECT gen_random_uuid(), 's', ${run.id}::uuid, ${workstream.id}::uuid, p.id, 'AGENT', 'e', p.id || ':' || n, 'p', 'a',
      CASE WHEN n <= ${PENDING_EACH} THEN 'PENDING' ELSE 'SKIPPED' END, CASE WHEN n > ${PENDING_EACH} THEN 'RUN_ENDED' END,
      CASE WHEN n > ${PENDING_EACH} THEN ${now}::timestamptz END, ${dueAt}, ${now}
    FROM project p, generate_series(1, ${PENDING_EACH + ANSWERED_EACH}) AS n`;
  await prisma.$executeRawUnsafe("ANALYZE");
});
afterAll(() => database.close());

/** What reading has come to so far in this transaction's connection. */
async function countsOf(tx: Transaction, index: string) {
  const [counts] = await tx.$queryRaw<{ scans: number; entries: number; table: number }[]>`
    SELECT pg_stat_get_xact_numscans(${index}::regclass)::int AS scans,
           pg_stat_get_xact_tuples_returned(${index}::regclass)::int AS entries,
           pg_stat_get_xact_tuples_returned('agent_escalation'::regclass)::int AS table`;
  if (!counts) throw new Error("PostgreSQL counts what it reads.");
  return counts;
}

/** How often a read has looked into an index, how many entries that gave, and how many rows of the table it has read without one. */
async function scansOf(index: string, read: (tx: Transaction) => Promise<unknown>) {
  return database.prisma.$transaction(async (tx) => {
    const before = await countsOf(tx, index);
    const result = await read(tx);
    const after = await countsOf(tx, index);
    return {
      result,
      scans: after.scans - before.scans,
      entries: after.entries - before.entries,
      table: after.table - before.table,
    };
  });
}

describe("where nearly everything is answered", () => {
  test("the job of deadlines looks at its index only, when nothing is due", async () => {
    const services = { clock, ids: new SequentialIds(), wakeups: { publish: () => {} } };
    const scans = await scansOf("agent_escalation_due_at_idx", (tx) =>
      applyDeadlines({ ...services, prisma: tx as Database["prisma"] }),
    );
    expect(scans).toEqual({ result: 0, scans: 1, entries: 0, table: 0 });
  });

  test("the inbox and its count read what is pending, and nothing else", async () => {
    const where = inboxOf({ userId: VALID_ROWS.project.owner_id }, "PENDING");
    const expected = await database.prisma.agentEscalation.findMany({
      where: { projectId: VALID_ROWS.project.id, status: "PENDING" },
      orderBy: { id: "desc" },
      select: { id: true },
    });
    expect(expected.length).toBeGreaterThanOrEqual(PENDING_EACH);
    const page = await scansOf("agent_escalation_project_id_status_id_idx", (tx) =>
      tx.agentEscalation.findMany({ where, orderBy: { id: "desc" }, take: 20, select: { id: true } }),
    );
    expect(page).toMatchObject({ result: expected, table: 0 });
    expect(page.entries).toBeGreaterThan(0);
    expect(page.entries).toBeLessThan(LITTLE);
    const count = await scansOf("agent_escalation_project_id_status_id_idx", (tx) =>
      tx.agentEscalation.count({ where }),
    );
    expect(count).toMatchObject({ result: expected.length, table: 0 });
    expect(count.entries).toBeLessThan(LITTLE);
  });
});
