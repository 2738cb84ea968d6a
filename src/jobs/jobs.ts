import type { ModelServices } from "../services/services.ts";
import { applyDeadlinesHandler } from "./apply-deadlines.ts";
import { discussHandler } from "./discuss.ts";
import { generateArtifactsHandler } from "./generate-artifacts.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { purgeIdempotencyKeysHandler } from "./purge-idempotency-keys.ts";
import { resumeDiscussionsHandler } from "./resume-discussions.ts";
import { resumeGenerationsHandler } from "./resume-generations.ts";
import { sweepExpiredLeasesHandler } from "./sweep-expired-leases.ts";

/** What the jobs need between them. */
export interface JobDependencies {
  readonly services: ModelServices;
  readonly log: JobLog;
}

/** All jobs, with what they do and when. A new one is a file beside this one and a line here. */
export function createJobHandlers({ services, log }: JobDependencies): readonly JobHandler[] {
  return [
    purgeIdempotencyKeysHandler({ ...services, log }),
    generateArtifactsHandler(services),
    resumeGenerationsHandler(services, log),
    discussHandler(services),
    resumeDiscussionsHandler(services, log),
    sweepExpiredLeasesHandler(services, log),
    applyDeadlinesHandler(services, log),
  ];
}
