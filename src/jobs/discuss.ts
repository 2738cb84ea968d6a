import { z } from "zod";
import { DISCUSSION_TASKS } from "../domain/discussion/task.ts";
import { giveUpDiscussionTask, runDiscussionTask } from "../services/discussion/run-task.ts";
import type { ModelServices } from "../services/services.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";

/** Ten models one after the other, each with its own limit, fit into one attempt. */
const ATTEMPT_SECONDS = 2 * 60 * 60;
/** They wait for models nearly all of the time. */
const CONCURRENCY = 4;

export const discuss = defineJob({
  name: "discuss",
  data: z.object({ task: z.enum(DISCUSSION_TASKS), id: z.uuid() }),
  options: { timeoutSeconds: ATTEMPT_SECONDS, concurrency: CONCURRENCY },
});

/**
 * Has models speak: a round, the answers to a person, or a summary. Who has spoken in one attempt is not asked in the
 * next; what is given up ends as failed, so that the discussion can go on.
 */
export function discussHandler(services: ModelServices): JobHandler {
  return handleJob(discuss, ({ data, signal }) => runDiscussionTask(services, data, signal), {
    givenUp: (task) => giveUpDiscussionTask(services, task),
  });
}
