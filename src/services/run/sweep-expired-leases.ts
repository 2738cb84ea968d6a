import { runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { giveBackExpired } from "./give-back.ts";

/**
 * Gives back every workstream whose lease has expired by the given clock: each project in transactions of
 * its own, a batch in each, under its lock. Two sweeps at once do no harm: the second finds nothing left in a project.
 *
 * @returns in how many projects something was given back
 * @throws AggregateError with the faults of the projects that could not be swept; the others have been
 */
export async function sweepExpiredLeases(services: Services): Promise<number> {
  // The token as well as the time: the index of leases holds only workstreams that have one.
  const expired = { leaseToken: { not: null }, leaseExpiresAt: { lte: services.clock.now() } };
  const projects = await services.prisma.project.findMany({
    where: { archivedAt: null, runs: { some: { workstreams: { some: expired } } } },
    select: { id: true, ownerId: true },
    orderBy: { id: "asc" },
  });
  const faults: unknown[] = [];
  let swept = 0;
  for (const project of projects) {
    try {
      if (await sweepProject(services, project)) swept += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, "Leases of some projects could not be swept");
  return swept;
}

/** Gives back batch after batch until there is nothing left. @returns whether there was anything */
async function sweepProject(services: Services, project: { id: string; ownerId: string }): Promise<boolean> {
  let batches = 0;
  while (await giveBackBatch(services, project)) batches += 1;
  return batches > 0;
}

async function giveBackBatch(
  services: Services,
  { id, ownerId }: { id: string; ownerId: string },
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
    events: log.head.archived ? [] : await giveBackExpired(log),
  }));
  return eventIds.length > 0;
}
