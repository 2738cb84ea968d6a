import type { JobResult, JobWithMetadata } from "pg-boss";
import { JobDataError } from "./define-job.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";

export interface AttemptObserver {
  readonly log: JobLog;
  readonly onCompleted: (queue: string) => void;
}

/** Runs one attempt and tells pg-boss how it ended; what it throws pg-boss takes for a failure and tries again. */
export async function runAttempt(
  handler: JobHandler,
  job: JobWithMetadata<unknown>,
  { log, onCompleted }: AttemptObserver,
): Promise<JobResult[]> {
  const { id: jobId, name: queue, signal, retryCount } = job;
  const attempt = retryCount + 1;
  const detail = { queue, jobId, attempt };
  const onAbort = () => {
    log.warn(detail, "a job's attempt was cut off: its time was up, or the process is stopping");
  };
  signal.addEventListener("abort", onAbort);
  try {
    await handler.run(job.data, { jobId, attempt, signal });
    // What comes after the cut is not the job's outcome any more: that attempt has already been counted as failed.
    if (!signal.aborted) onCompleted(queue);
    return [{ id: jobId, status: "completed" }];
  } catch (error) {
    if (!signal.aborted) log.warn({ ...detail, err: error }, "a job's attempt failed");
    // The same data will not fit the next time either.
    if (error instanceof JobDataError) {
      return [{ id: jobId, status: "deadletter", output: { message: error.message } }];
    }
    throw error;
  } finally {
    // pg-boss aborts the signal after every attempt, also one that has succeeded.
    signal.removeEventListener("abort", onAbort);
  }
}
