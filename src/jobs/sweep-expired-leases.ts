import { sweepExpiredLeases } from "../services/run/sweep-expired-leases.ts";
import type { Services } from "../services/services.ts";
import type { JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";
import { sweepHandler } from "./sweep.ts";

/** Every minute, gives back the workstreams whose leases have expired. */
export function sweepExpiredLeasesHandler(services: Services, log: JobLog): JobHandler {
  return sweepHandler({
    name: "sweep-expired-leases",
    everyMinutes: 1,
    look: () => sweepExpiredLeases(services),
    tell: (projects) => log.info({ projects }, "expired leases were given back"),
  });
}
