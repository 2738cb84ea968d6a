import { z } from "zod";

export interface JobOptions {
  /** How often a failed attempt is followed by another before the job is given up. */
  readonly retries: number;
  /** Before the first retry; doubles with each further one, up to an hour, with jitter. */
  readonly retryDelaySeconds: number;
  /** How long one attempt may take. Then its signal is aborted, and it counts as failed. */
  readonly timeoutSeconds: number;
  /** How many of these jobs one process runs at once. */
  readonly concurrency: number;
}

/** A kind of job: its name and the shape of its data, checked when it is enqueued and again when it is run. */
export interface Job<Data extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly data: Data;
  readonly options: JobOptions;
}

interface JobDefinition<Data extends z.ZodObject> {
  /** Letters, digits, `-`, `_`, `.` and `/`. Enqueued jobs are found by it: renaming a job loses those that wait. */
  readonly name: string;
  /** What JSON can carry: a Date would come back as a string. */
  readonly data: Data;
  readonly options?: Partial<JobOptions>;
}

const DEFAULTS: JobOptions = { retries: 5, retryDelaySeconds: 5, timeoutSeconds: 15 * 60, concurrency: 1 };

/** Five retries in about five minutes, 15 minutes per attempt and one at a time per process, unless told otherwise. */
export function defineJob<Data extends z.ZodObject>(definition: JobDefinition<Data>): Job<Data> {
  const { name, data, options } = definition;
  return { name, data, options: { ...DEFAULTS, ...options } };
}

/** The data does not fit the job's schema. The message names the fields and holds no values. */
export class JobDataError extends Error {
  override readonly name = "JobDataError";

  constructor(job: string, error: z.ZodError) {
    super(`The data of a "${job}" job does not fit: ${z.prettifyError(error)}`);
  }
}

/** @throws JobDataError */
export function parseJobData<Data extends z.ZodObject>(job: Job<Data>, data: unknown): z.output<Data> {
  const parsed = job.data.safeParse(data);
  if (!parsed.success) throw new JobDataError(job.name, parsed.error);
  return parsed.data;
}
