import { runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { giveBackExpired } from "./give-back.ts";

/**
 * Gives back every workstream whose lease has expired by the given clock: each project in a transaction of
 * its own, under its lock. Two sweeps at once do no harm: the second finds nothing left in a project.
 *
 * @returns how many projects had expired leases
 * @throws AggregateError with the faults of the projects that could not be swept; the others have been
 */
export async function sweepExpiredLeases(services: Services): Promise<number> {
  const projects = await services.prisma.project.findMany({
    where: {
      archivedAt: null,
      runs: { some: { workstreams: { some: { leaseExpiresAt: { lte: services.clock.now() } } } } },
    },
    select: { id: true, ownerId: true },
    orderBy: { id: "asc" },
  });
  const faults: unknown[] = [];
  for (const { id, ownerId } of projects) {
    const caller = {
      userId: ownerId,
      actor: "SYSTEM",
      correlationId: services.ids.next(),
      idempotencyKey: null,
    } as const;
    const request = { command: "sweepExpiredLeases", projectId: id, input: {} };
    try {
      await runLockedCommand(services, caller, request, async (log) => ({
        id,
        events: await giveBackExpired(log),
      }));
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, "Leases of some projects could not be swept");
  return projects.length;
}
