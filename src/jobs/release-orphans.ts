import type { PgBoss } from "pg-boss";
import { givenUpQueue } from "./install-queues.ts";
import type { JobHandler } from "./job-handler.ts";

/**
 * Gives back the jobs that a killed process was at, as failed attempts: a job that kills its process is given up in the
 * end, too. For the embedded database only, which has one process at a time: what is active when this one starts, before
 * its workers do, nobody runs. On a server the missing heartbeat tells, half a minute later.
 */
export async function releaseOrphans(boss: PgBoss, handlers: readonly JobHandler[]): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql("SELECT name, id FROM pgboss.job WHERE state = 'active' AND name = ANY($1)", [
      handlers.flatMap(({ job }) => [job.name, givenUpQueue(job)]),
    ]);
  for (const { name, id } of rows) await boss.fail(name, id, { message: "its process ended" });
}
