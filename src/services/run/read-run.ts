import type { DrawnWorkstream } from "../../domain/run/diagram.ts";
import type { WorkstreamStatus } from "../../domain/run/state.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";

type Reader = Pick<PrismaClient, "workstream">;

/** How many workstreams of several runs that the viewer may see stand in each way, in one statement. */
export async function readWorkstreamCounts(
  { workstream }: Reader,
  viewer: Asker,
  runIds: readonly string[],
): Promise<Map<string, Map<WorkstreamStatus, number>>> {
  const rows = await workstream.groupBy({
    by: ["runId", "status"],
    where: { runId: { in: [...runIds] }, run: { project: projectsSeenBy(viewer) } },
    _count: true,
  });
  return new Map(
    [...Map.groupBy(rows, ({ runId }) => runId)].map(([runId, counts]) => [
      runId,
      new Map(counts.map(({ status, _count }) => [status as WorkstreamStatus, _count])),
    ]),
  );
}

/** The workstreams of several runs that the viewer may see, as the diagram shows them, in one statement. */
export async function readRunGraphs(
  { workstream }: Reader,
  viewer: Asker,
  runIds: readonly string[],
): Promise<Map<string, DrawnWorkstream[]>> {
  const rows = await workstream.findMany({
    where: { runId: { in: [...runIds] }, run: { project: projectsSeenBy(viewer) } },
    select: {
      runId: true,
      key: true,
      title: true,
      status: true,
      dependencies: { select: { dependsOn: { select: { key: true } } } },
    },
    orderBy: { position: "asc" },
  });
  const drawn = rows.map(({ runId, key, title, status, dependencies }) => ({
    runId,
    key,
    title,
    status: status as WorkstreamStatus,
    dependsOn: dependencies.map(({ dependsOn }) => dependsOn.key),
  }));
  return Map.groupBy(drawn, ({ runId }) => runId);
}
