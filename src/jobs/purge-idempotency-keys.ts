import { z } from "zod";
import type { Clock } from "../domain/clock.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import { purgeExpiredKeys } from "../services/command/idempotency.ts";
import { defineJob } from "./define-job.ts";
import { handleJob, type JobHandler } from "./job-handler.ts";
import type { JobLog } from "./job-log.ts";

export interface PurgeDependencies {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: JobLog;
}

export const purgeIdempotencyKeys = defineJob({ name: "purge-idempotency-keys", data: z.object({}) });

/** Every hour, deletes the idempotency keys that have expired. Those that are missed fall to the next hour. */
export function purgeIdempotencyKeysHandler({ prisma, clock, log }: PurgeDependencies): JobHandler {
  const purge = async () => {
    const deleted = await purgeExpiredKeys(prisma, clock.now());
    if (deleted > 0) log.info({ deleted }, "expired idempotency keys were deleted");
  };
  return handleJob(purgeIdempotencyKeys, purge, { schedule: { cron: "0 * * * *", data: {} } });
}
