import { detectSystemRisks, type SystemRisk, startOfUtcDay } from "../../domain/stage/system-risk.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { type Asker, seesProject } from "../account/seen-by.ts";

/** The parts of the client that reading signals needs, inside or outside a transaction. */
export type Reader = Pick<PrismaClient, "$queryRaw">;

interface SignalRow {
  readonly project_id: string;
  readonly last_decision_at: Date;
  readonly last_activity_at: Date;
  readonly failed_runs: number;
  readonly failing_since: Date | null;
  readonly tokens_used: number;
  readonly tokens_per_day: number;
}

/**
 * The system risks of several projects that the viewer may see, in one statement whatever their number. A parked or archived project
 * rests and has none.
 *
 * Failed runs are those that ended FAILED since the last one that was COMPLETED, in the order in which they ended.
 */
export async function readSystemRisks(
  db: Reader,
  viewer: Asker,
  projectIds: readonly string[],
  now: Date,
): Promise<Map<string, SystemRisk[]>> {
  const today = startOfUtcDay(now);
  const rows = await db.$queryRaw<SignalRow[]>`
    SELECT p.id AS project_id,
           coalesce(gate.decided_at, p.created_at) AS last_decision_at,
           coalesce(newest.created_at, p.created_at) AS last_activity_at,
           coalesce(run.failed, 0)::int AS failed_runs,
           run.since AS failing_since,
           coalesce(usage.tokens, 0)::float8 AS tokens_used,
           t.tokens_per_day
    FROM project p
    JOIN user_account u ON u.id = p.owner_id
    JOIN plan_tier t ON t.plan = u.plan
    LEFT JOIN LATERAL (
      SELECT max(g.decided_at) AS decided_at FROM decision_gate g
      WHERE g.project_id = p.id AND g.status = 'DECIDED'
    ) gate ON true
    LEFT JOIN LATERAL (
      SELECT e.created_at FROM event e
      WHERE e.project_id = p.id AND e.sequence = p.event_sequence
    ) newest ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS failed, min(f.ended_at) AS since FROM run f
      WHERE f.project_id = p.id AND f.status = 'FAILED'
        AND f.ended_sequence > coalesce((
          SELECT max(c.ended_sequence) FROM run c
          WHERE c.project_id = p.id AND c.status = 'COMPLETED'), 0)
    ) run ON true
    LEFT JOIN LATERAL (
      SELECT sum(l.input_tokens::bigint + l.output_tokens) AS tokens FROM usage_log l
      WHERE l.user_id = p.owner_id AND l.created_at >= ${today}
    ) usage ON true
    WHERE p.id = ANY(${[...projectIds]}::uuid[]) AND ${seesProject(viewer)} AND p.status = 'ACTIVE' AND p.archived_at IS NULL`;
  return new Map(
    rows.map((row) => [
      row.project_id,
      detectSystemRisks(
        {
          lastDecisionAt: row.last_decision_at,
          lastActivityAt: row.last_activity_at,
          failedRuns: { count: row.failed_runs, since: row.failing_since },
          tokensUsed: row.tokens_used,
          tokensPerDay: row.tokens_per_day,
        },
        now,
      ),
    ]),
  );
}
