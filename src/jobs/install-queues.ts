import type { PgBoss, QueueOptions } from "pg-boss";
import type { Job, JobOptions } from "./define-job.ts";
import type { JobHandler } from "./job-handler.ts";

/**
 * Where a job goes that is given up, whoever finds out: its worker, or the supervision after the worker's death. Each kind has
 * its own queue: pg-boss forgets where a job came from when it tries it again.
 */
export function givenUpQueue({ name }: Pick<Job, "name">): string {
  return `given-up/${name}`;
}

const HOUR_SECONDS = 60 * 60;
/** A worker that has not been heard of for so long is taken for dead, and its job runs again. */
const HEARTBEAT_SECONDS = 30;

/** Bringing a job to an end is tried for a day: nobody else will. */
const GIVEN_UP: QueueSettings = {
  retryLimit: 30,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: HOUR_SECONDS,
  expireInSeconds: 5 * 60,
  heartbeatSeconds: HEARTBEAT_SECONDS,
};

interface QueueSettings extends QueueOptions {
  readonly deadLetter?: string;
}

/**
 * Makes the database's queues what the handlers say. What has not changed is left alone, so that starting
 * again costs two reads. Afterwards pg-boss knows every queue: an enqueueing transaction on the embedded database must
 * not make it ask, since it would wait for the connection that the transaction holds.
 */
export async function installQueues(boss: PgBoss, handlers: readonly JobHandler[]): Promise<void> {
  const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  for (const { job } of handlers) {
    await install(givenUpQueue(job), GIVEN_UP);
    await install(job.name, { ...settings(job.options), deadLetter: givenUpQueue(job) });
  }
  await removeSchedules(boss);

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
  };
}

/** Earlier releases let pg-boss enqueue their sweeps, which a process now starts by elapsed time (sweeper.ts). */
async function removeSchedules(boss: PgBoss): Promise<void> {
  for (const { name } of await boss.getSchedules()) await boss.unschedule(name);
}
