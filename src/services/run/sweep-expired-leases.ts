import type { DueRow } from "../../domain/due.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { giveBackExpired } from "./give-back.ts";

/**
 * Gives back every workstream whose lease has expired by the given clock, or is among `elapsed`: each project in transactions of
 * its own, a batch in each, under its lock. Two sweeps at once do no harm: the second finds nothing left in a project.
 *
 * @returns in how many projects something was given back
 * @throws AggregateError with the faults of the projects that could not be swept; the others have been
 */
export async function sweepExpiredLeases(
  services: Services,
  elapsed: readonly DueRow[] = [],
): Promise<number> {
  // The token as well as the time: the index of leases holds only workstreams that have one.
  const byClock = { leaseToken: { not: null }, leaseExpiresAt: { lte: services.clock.now() } };
  const expired =
    elapsed.length === 0 ? byClock : { OR: [byClock, { id: { in: elapsed.map(({ id }) => id) } }] };
  const projects = await services.prisma.project.findMany({
    where: { archivedAt: null, runs: { some: { workstreams: { some: expired } } } },
    select: { id: true, ownerId: true },
    orderBy: { id: "asc" },
  });
  const faults: unknown[] = [];
  let swept = 0;
  for (const project of projects) {
    try {
      if (await sweepProject(services, project, elapsed)) swept += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, "Leases of some projects could not be swept");
  return swept;
}

/** The leases that end after that moment, the earliest first. An archived project's are left as they are. */
export async function readLeaseEnds(
  prisma: Pick<PrismaClient, "$queryRaw">,
  after: Date,
  limit: number,
): Promise<DueRow[]> {
  return prisma.$queryRaw<DueRow[]>`
    SELECT w.id, w.lease_expires_at AS "dueAt"
    FROM workstream w JOIN run r ON r.id = w.run_id JOIN project p ON p.id = r.project_id
    WHERE w.lease_token IS NOT NULL AND w.lease_expires_at > ${after} AND p.archived_at IS NULL
    ORDER BY w.lease_expires_at, w.id
    LIMIT ${limit}`;
}

/** Gives back batch after batch until there is nothing left. @returns whether there was anything */
async function sweepProject(
  services: Services,
  project: { id: string; ownerId: string },
  elapsed: readonly DueRow[],
): Promise<boolean> {
  let batches = 0;
  while (await giveBackBatch(services, project, elapsed)) batches += 1;
  return batches > 0;
}

async function giveBackBatch(
  services: Services,
  { id, ownerId }: { id: string; ownerId: string },
  elapsed: readonly DueRow[],
): Promise<boolean> {
  const caller = {
    userId: ownerId,
    actor: "SYSTEM",
    correlationId: services.ids.next(),
    idempotencyKey: null,
  } as const;
  const request = { command: "sweepExpiredLeases", projectId: id, input: {} };
  const { eventIds } = await runLockedCommand(services, caller, request, async (log) => ({
    id,
    // It may have been archived since it was found.
    events: log.head.archived ? [] : await giveBackExpired(log, elapsed),
  }));
  return eventIds.length > 0;
}
