import { applyDeadlines } from "../services/escalation/apply-deadlines.ts";
import type { Services } from "../services/services.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { sweepHandler } from "./sweep.ts";

/** Every minute, applies the deadlines of escalations that have passed. */
export function applyDeadlinesHandler(services: Services, log: JobLog): JobHandler {
  return sweepHandler({
    name: "apply-escalation-deadlines",
    everyMinutes: 1,
    look: () => applyDeadlines(services),
    tell: (escalations) => log.info({ escalations }, "deadlines of escalations were applied"),
  });
}
