import { z } from "zod";
import { resumeGenerations as resume } from "../services/artifact/resume-generations.ts";
import type { ModelServices } from "../services/services.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";

// What a run that fails leaves is found by the next one.
export const resumeGenerations = defineJob({
  name: "resume-generations",
  data: z.object({}),
  options: { retries: 0 },
});

/** Every five minutes, takes up the writing of documents that nobody goes on with. */
export function resumeGenerationsHandler(services: ModelServices, log: JobLog): JobHandler {
  const run = async () => {
    const resumed = await resume(services);
    if (resumed > 0) log.warn({ resumed }, "documents that nobody went on with are taken up again");
  };
  return handleJob(resumeGenerations, run, { schedule: { cron: "*/5 * * * *", data: {} } });
}
