import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { UpdateProject } from "../api/support/commands.ts";
import { Founder } from "../api/support/founder.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { createPostgresTestDatabase, postgresAvailable } from "../support/database.ts";

/** More than the pool has connections, so that one that is given back is handed on at once. */
const WRITERS = 12;
const POOL = 4;
const KILLS = 150;

describe.skipIf(!postgresAvailable)("PostgreSQL (needs TEST_POSTGRES_URL)", () => {
  test("ends connections under writers, again and again: the process lives, and nothing acknowledged is lost", async () => {
    const database = await createPostgresTestDatabase({ poolSize: POOL });
    if (database.driver.kind !== "postgres") throw new Error("This one is on PostgreSQL.");
    const { connectionString, pool } = database.driver;
    const app = await startApp({ database });
    const founder = new Founder(app);
    await founder.enlargePlan();
    const projectIds = await Promise.all(Array.from({ length: WRITERS }, () => founder.project()));

    let writing = true;
    const acknowledged = new Map<string, string[]>(projectIds.map((id) => [id, []]));
    const write = async (projectId: string) => {
      while (writing) {
        const input = { projectId, name: randomUUID(), idempotencyKey: randomUUID() };
        for (;;) {
          const { status, data } = await send(app.url, UpdateProject, { input });
          if (data) break;
          expect(status).toBe(503);
        }
        acknowledged.get(projectId)?.push(input.name);
      }
    };
    const writers = Promise.all(projectIds.map(write));

    const admin = new pg.Client(connectionString);
    onTestFinished(() => admin.end());
    await admin.connect();
    let killed = 0;
    while (killed < KILLS) {
      // Wherever they are: at work, idle, listening, or of the job queue.
      const { rows } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM (
           SELECT pid FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3) AS victims`,
      );
      killed += rows.length;
      const before = [...acknowledged.values()].flat().length;
      await expect
        .poll(() => [...acknowledged.values()].flat().length, { interval: 1, timeout: 20_000 })
        .toBeGreaterThan(before);
    }
    writing = false;
    await writers;

    for (const [projectId, names] of acknowledged) {
      const { events, verification } = await founder.log(projectId);
      const stored = events.flatMap(({ detail }) => {
        const { name } = detail as { name?: string };
        return name !== undefined && names.includes(name) ? [name] : [];
      });
      expect(stored).toEqual(names);
      expect(verification).toMatchObject({ ok: true });
    }
    await expect.poll(() => [pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
    await expect.poll(async () => (await fetch(`${app.url}/health/ready`)).status).toBe(200);
  }, 120_000);
});
