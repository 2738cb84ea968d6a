import type { JobHandler } from "./job-handler.ts";
import { type PurgeDependencies, purgeIdempotencyKeysHandler } from "./purge-idempotency-keys.ts";
import { type SweepDependencies, sweepExpiredLeasesHandler } from "./sweep-expired-leases.ts";

/** What the jobs need between them. */
export type JobDependencies = PurgeDependencies & SweepDependencies;

/** All jobs, with what they do and when. A new one is a file beside this one and a line here. */
export function createJobHandlers(dependencies: JobDependencies): readonly JobHandler[] {
  return [purgeIdempotencyKeysHandler(dependencies), sweepExpiredLeasesHandler(dependencies)];
}
