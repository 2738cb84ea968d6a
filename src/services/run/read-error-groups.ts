import type { PrismaClient } from "../../generated/prisma/client.ts";

const MAX_GROUPS = 100;

/** Where in a run errors of one signature happened. */
export interface ErrorGroupMember {
  readonly id: string;
  readonly workstreamId: string;
  readonly step: string;
  readonly errorCode: string;
  readonly count: number;
  readonly samples: string[];
}

/** The errors of a run with one signature. */
export interface ErrorGroup {
  readonly signature: string;
  readonly normalizedMessage: string;
  readonly count: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly members: readonly ErrorGroupMember[];
}

/** The error groups of several runs of one owner, the most frequent first, in one statement whatever their number. */
export async function readErrorGroups(
  db: Pick<PrismaClient, "$queryRaw">,
  ownerId: string,
  runIds: readonly string[],
): Promise<Map<string, ErrorGroup[]>> {
  const rows = await db.$queryRaw<(ErrorGroup & { runId: string })[]>`
    SELECT run_id AS "runId", signature, "normalizedMessage", count, "firstSeenAt", "lastSeenAt", members
    FROM (
      SELECT e.run_id, e.signature, min(e.normalized_message) AS "normalizedMessage",
             LEAST(sum(e.count), 2147483647)::int AS count,
             min(e.first_seen_at) AS "firstSeenAt", max(e.last_seen_at) AS "lastSeenAt",
             jsonb_agg(jsonb_build_object(
               'id', e.id, 'workstreamId', e.workstream_id, 'step', e.step_name,
               'errorCode', e.error_code, 'count', e.count, 'samples', e.samples) ORDER BY e.count DESC, e.id) AS members,
             row_number() OVER (PARTITION BY e.run_id ORDER BY sum(e.count) DESC, min(e.first_seen_at), e.signature) AS place
      FROM run_error e JOIN run r ON r.id = e.run_id JOIN project p ON p.id = r.project_id
      WHERE e.run_id = ANY(${[...runIds]}::uuid[]) AND p.owner_id = ${ownerId}::uuid
      GROUP BY e.run_id, e.signature
    ) g
    WHERE place <= ${MAX_GROUPS}
    ORDER BY run_id, place`;
  return Map.groupBy(rows, ({ runId }) => runId);
}
