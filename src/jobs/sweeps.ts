import { resumeGenerations } from "../services/artifact/resume-generations.ts";
import { purgeExpiredKeys } from "../services/command/idempotency.ts";
import { resumeDiscussions } from "../services/discussion/resume-discussions.ts";
import { applyDeadlines, readDeadlines } from "../services/escalation/apply-deadlines.ts";
import { readLeaseEnds, sweepExpiredLeases } from "../services/run/sweep-expired-leases.ts";
import type { ModelServices } from "../services/services.ts";
import type { JobLog } from "./job-log.ts";
import type { Sweep } from "./sweep.ts";

/** In case a wake-up was lost; otherwise the rows say when to look. */
const ROWS_SECONDS = 30;
const RESUME_SECONDS = 5 * 60;
const PURGE_SECONDS = 60 * 60;

/** All sweeps. A new one is an entry here. */
export function createSweeps(services: ModelServices, log: JobLog): readonly Sweep[] {
  const { prisma, clock } = services;
  return [
    {
      name: "sweep-expired-leases",
      everySeconds: ROWS_SECONDS,
      look: (elapsed) => sweepExpiredLeases(services, elapsed),
      upcoming: (after, limit) => readLeaseEnds(prisma, after, limit),
      tell: (projects) => log.info({ projects }, "expired leases were given back"),
    },
    {
      name: "apply-escalation-deadlines",
      everySeconds: ROWS_SECONDS,
      look: (elapsed) => applyDeadlines(services, elapsed),
      upcoming: (after, limit) => readDeadlines(prisma, after, limit),
      tell: (escalations) => log.info({ escalations }, "deadlines of escalations were applied"),
    },
    {
      name: "resume-generations",
      everySeconds: RESUME_SECONDS,
      look: () => resumeGenerations(services),
      tell: (resumed) => log.warn({ resumed }, "documents that nobody went on with are taken up again"),
    },
    {
      name: "resume-discussions",
      everySeconds: RESUME_SECONDS,
      look: () => resumeDiscussions(services),
      tell: (resumed) => log.warn({ resumed }, "discussions that nobody went on with are taken up again"),
    },
    {
      name: "purge-idempotency-keys",
      everySeconds: PURGE_SECONDS,
      look: () => purgeExpiredKeys(prisma, clock.now()),
      tell: (deleted) => log.info({ deleted }, "expired idempotency keys were deleted"),
    },
  ];
}
