import { resumeGenerations } from "../services/artifact/resume-generations.ts";
import type { ModelServices } from "../services/services.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { sweepHandler } from "./sweep.ts";

/** Every five minutes, takes up the writing of documents that nobody goes on with. */
export function resumeGenerationsHandler(services: ModelServices, log: JobLog): JobHandler {
  return sweepHandler({
    name: "resume-generations",
    everyMinutes: 5,
    look: () => resumeGenerations(services),
    tell: (resumed) => log.warn({ resumed }, "documents that nobody went on with are taken up again"),
  });
}
