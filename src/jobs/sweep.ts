import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";

/** Something to look for again and again: what is overdue, or what nobody goes on with. */
export interface Sweep {
  /** The job's name. */
  readonly name: string;
  /** How often, in minutes; divides 60. */
  readonly everyMinutes: number;
  /** Deals with all that there is, and tells how much that was. */
  readonly look: () => Promise<number>;
  /** Writes to the log that there was something. */
  readonly tell: (found: number) => void;
}

/** Looks at every such minute of the hour. What a look that fails or is missed leaves, the next one finds. */
export function sweepHandler({ name, everyMinutes, look, tell }: Sweep): JobHandler {
  const job = defineJob({ name, data: z.object({}), options: { retries: 0 } });
  const run = async () => {
    const found = await look();
    if (found > 0) tell(found);
  };
  const minutes = everyMinutes === 1 ? "*" : `*/${everyMinutes}`;
  return handleJob(job, run, { schedule: { cron: `${minutes} * * * *`, data: {} } });
}
