import type { z } from "zod";
import { type Job, parseJobData } from "./define-job.ts";

/** One attempt at one job. */
export interface Attempt {
  readonly jobId: string;
  /** 1 for the first. A handler may run again after it has done its work: write so that the second time is harmless. */
  readonly attempt: number;
  /** Aborted when the attempt has run out of time, or when the process can wait for it no longer. */
  readonly signal: AbortSignal;
}

export interface JobRun<Data> extends Attempt {
  readonly data: Data;
}

/** What there is to a job beside its work. */
export interface HandlerOptions<Data> {
  /** Brings to an end what a job leaves behind that is given up: no further attempt will. May run twice. */
  readonly givenUp?: (data: Data) => Promise<void>;
}

/** A job with what it does. The type of its data is known only inside. */
export interface JobHandler {
  readonly job: Job;
  /** @throws JobDataError when the data does not fit; whatever the job throws */
  run(data: unknown, attempt: Attempt): Promise<void>;
  /** @throws JobDataError when the data does not fit */
  givenUp(data: unknown): Promise<void>;
}

/** Says what a job does, and what there is to it beside. */
export function handleJob<Data extends z.ZodObject>(
  job: Job<Data>,
  run: (run: JobRun<z.output<Data>>) => Promise<void>,
  { givenUp }: HandlerOptions<z.output<Data>> = {},
): JobHandler {
  return {
    job,
    run: async (data, attempt) => run({ ...attempt, data: parseJobData(job, data) }),
    givenUp: async (data) => givenUp?.(parseJobData(job, data)),
  };
}
