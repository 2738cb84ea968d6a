import { z } from "zod";
import { sweepExpiredLeases } from "../services/run/sweep-expired-leases.ts";
import type { Services } from "../services/services.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";

export type SweepDependencies = Services & { readonly log: JobLog };

// A sweep that fails is followed by the next minute's: what it left is found again.
export const sweepLeases = defineJob({
  name: "sweep-expired-leases",
  data: z.object({}),
  options: { retries: 0 },
});

/** Every minute, gives back the workstreams whose leases have expired. A minute that is missed falls to the next. */
export function sweepExpiredLeasesHandler({ log, ...services }: SweepDependencies): JobHandler {
  const sweep = async () => {
    const projects = await sweepExpiredLeases(services);
    if (projects > 0) log.info({ projects }, "expired leases were given back");
  };
  return handleJob(sweepLeases, sweep, { schedule: { cron: "* * * * *", data: {} } });
}
