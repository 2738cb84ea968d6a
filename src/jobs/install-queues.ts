import type { PgBoss, QueueOptions } from "pg-boss";
import type { JobOptions } from "./define-job.ts";
import type { JobHandler } from "./job-handler.ts";

/** Where a job goes that is given up, whoever finds out: its worker, or the supervision after the worker's death. */
export const GIVEN_UP = "given-up";

const HOUR_SECONDS = 60 * 60;
/** A worker that has not been heard of for so long is taken for dead, and its job runs again. */
const HEARTBEAT_SECONDS = 30;

interface QueueSettings extends QueueOptions {
  readonly deadLetter?: string;
}

/**
 * Makes the database's queues and schedules what the handlers say. What has not changed is left alone, so that starting
 * again costs two reads. Afterwards pg-boss knows every queue: an enqueueing transaction on the embedded database must
 * not make it ask, since it would wait for the connection that the transaction holds.
 */
export async function installQueues(boss: PgBoss, handlers: readonly JobHandler[]): Promise<void> {
  const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  await install(GIVEN_UP, {});
  for (const { job } of handlers) await install(job.name, settings(job.options));
  await installSchedules(boss, handlers);

  async function install(name: string, wanted: QueueSettings): Promise<void> {
    const found = existing.get(name);
    const changed = Object.entries(wanted).some(
      ([key, value]) => found?.[key as keyof QueueSettings] !== value,
    );
    if (found && !changed) return;
    if (found) await boss.updateQueue(name, wanted);
    else await boss.createQueue(name, wanted);
    // For its side effect: pg-boss forgets a queue that it has changed, and remembers it at the next use.
    await boss.findJobs(name, { id: crypto.randomUUID() });
  }
}

function settings({ retries, retryDelaySeconds, timeoutSeconds }: JobOptions): QueueSettings {
  return {
    retryLimit: retries,
    retryDelay: retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: HOUR_SECONDS,
    expireInSeconds: timeoutSeconds,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deadLetter: GIVEN_UP,
  };
}

/** A schedule that no handler has any more would go on filling its queue. */
async function installSchedules(boss: PgBoss, handlers: readonly JobHandler[]): Promise<void> {
  const existing = new Map((await boss.getSchedules()).map((schedule) => [schedule.name, schedule]));
  for (const { job, schedule } of handlers) {
    const found = existing.get(job.name);
    if (!schedule) continue;
    existing.delete(job.name);
    const { cron, data } = schedule;
    if (found?.cron === cron && JSON.stringify(found.data) === JSON.stringify(data)) continue;
    await boss.schedule(job.name, cron, data, { tz: "UTC" });
  }
  for (const name of existing.keys()) await boss.unschedule(name);
}
