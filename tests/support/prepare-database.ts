import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { createJobQueue } from "../../src/jobs/job-queue.ts";

/**
 * Brings a new database to where a first start leaves it: migrated, and with the job queue's schema, whose making would
 * otherwise take a second of every file that starts a server. What a start makes of an empty database, tests/recovery shows.
 */
export async function prepareDatabase(database: Database): Promise<void> {
  await migrate(database);
  const fail = (_: object, message: string) => {
    throw new Error(message);
  };
  const queue = createJobQueue({
    database,
    log: { info() {}, warn: fail, error: fail },
    onFinished() {},
  });
  await queue.startWithoutWorkers([]);
  await queue.stop();
}
