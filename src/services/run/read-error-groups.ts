import type { PrismaClient } from "../../generated/prisma/client.ts";
import { type Asker, seesProject } from "../account/seen-by.ts";

/** How many groups of a run are given, and how many members of each. */
export const MAX_ERROR_GROUPS = 100;
export const MAX_ERROR_GROUP_MEMBERS = 20;

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
  /** Those where it was last seen, the newest first. */
  readonly members: readonly ErrorGroupMember[];
  /** How many there are in all. */
  readonly memberCount: number;
}

/** The error groups of several runs that the viewer may see, the most frequent first, in one statement whatever their number. */
export async function readErrorGroups(
  db: Pick<PrismaClient, "$queryRaw">,
  viewer: Asker,
  runIds: readonly string[],
): Promise<Map<string, ErrorGroup[]>> {
  const rows = await db.$queryRaw<(ErrorGroup & { runId: string })[]>`
    SELECT run_id AS "runId", signature, "normalizedMessage", count, "firstSeenAt", "lastSeenAt", members, "memberCount"
    FROM (
      SELECT e.run_id, e.signature, min(e.normalized_message) AS "normalizedMessage",
             LEAST(sum(e.count), 2147483647)::int AS count, count(*)::int AS "memberCount",
             min(e.first_seen_at) AS "firstSeenAt", max(e.last_seen_at) AS "lastSeenAt",
             jsonb_agg(jsonb_build_object(
               'id', e.id, 'workstreamId', e.workstream_id, 'step', e.step_name,
               'errorCode', e.error_code, 'count', e.count, 'samples', e.samples) ORDER BY e.recency)
               FILTER (WHERE e.recency <= ${MAX_ERROR_GROUP_MEMBERS}) AS members,
             row_number() OVER (PARTITION BY e.run_id ORDER BY sum(e.count) DESC, min(e.first_seen_at), e.signature) AS place
      FROM (
        SELECT error.*, row_number() OVER (
                 PARTITION BY error.run_id, error.signature ORDER BY error.last_seen_at DESC, error.id DESC) AS recency
        FROM run_error error JOIN run r ON r.id = error.run_id JOIN project p ON p.id = r.project_id
        WHERE error.run_id = ANY(${[...runIds]}::uuid[]) AND ${seesProject(viewer)}
      ) e
      GROUP BY e.run_id, e.signature
    ) g
    WHERE place <= ${MAX_ERROR_GROUPS}
    ORDER BY run_id, place`;
  return Map.groupBy(rows, ({ runId }) => runId);
}
