import { z } from "zod";
import { applyDeadlines } from "../services/escalation/apply-deadlines.ts";
import type { Services } from "../services/services.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";

// A look that fails is followed by the next minute's: what it left is found again.
export const deadlines = defineJob({
  name: "apply-escalation-deadlines",
  data: z.object({}),
  options: { retries: 0 },
});

/** Every minute, applies the deadlines of escalations that have passed. A minute that is missed falls to the next. */
export function applyDeadlinesHandler({ log, ...services }: Services & { readonly log: JobLog }): JobHandler {
  const apply = async () => {
    const escalations = await applyDeadlines(services);
    if (escalations > 0) log.info({ escalations }, "deadlines of escalations were applied");
  };
  return handleJob(deadlines, apply, { schedule: { cron: "* * * * *", data: {} } });
}
