import type { PrismaClient, Workstream } from "../../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";

/**
 * What several workstreams that the viewer may see depend on, each list in the order of the run, in one statement. One
 * that many depend on is read once and is the same object in all their lists: in a dense graph there are
 * far more edges than workstreams.
 */
export async function readDependencies(
  { workstream }: Pick<PrismaClient, "workstream">,
  viewer: Asker,
  workstreamIds: readonly string[],
): Promise<Map<string, Workstream[]>> {
  const workstreamId = { in: [...workstreamIds] };
  const rows = await workstream.findMany({
    where: { dependents: { some: { workstreamId } }, run: { project: projectsSeenBy(viewer) } },
    include: { dependents: { where: { workstreamId }, select: { workstreamId: true } } },
    orderBy: [{ runId: "asc" }, { position: "asc" }],
  });
  const found = new Map<string, Workstream[]>();
  for (const { dependents, ...row } of rows) {
    for (const dependent of dependents) {
      const list = found.get(dependent.workstreamId);
      if (list) list.push(row);
      else found.set(dependent.workstreamId, [row]);
    }
  }
  return found;
}
