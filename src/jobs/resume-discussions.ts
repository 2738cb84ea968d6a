import { resumeDiscussions } from "../services/discussion/resume-discussions.ts";
import type { ModelServices } from "../services/services.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { sweepHandler } from "./sweep.ts";

/** Every five minutes, takes up the discussions in which somebody is to speak and nobody is asked. */
export function resumeDiscussionsHandler(services: ModelServices, log: JobLog): JobHandler {
  return sweepHandler({
    name: "resume-discussions",
    everyMinutes: 5,
    look: () => resumeDiscussions(services),
    tell: (resumed) => log.warn({ resumed }, "discussions that nobody went on with are taken up again"),
  });
}
