import { Prisma, type Project, type StageConfig } from "../../generated/prisma/client.ts";
import type { JourneyRow } from "./journey.ts";

/** A project with all that commands decide by: the row's own fields, its stages, and what the journey is made of. */
export type ProjectRow = Pick<
  Project,
  "id" | "ownerId" | "version" | "eventSequence" | "riskDismissals" | "models" | "settings"
> &
  Omit<JourneyRow, "stageConfigs"> & {
    readonly stageConfigs: readonly (JourneyRow["stageConfigs"][number] &
      Pick<StageConfig, "id" | "version">)[];
  };

/**
 * A project's row as one JSON value, to be read by `toProjectRow`. Written by hand, as it is read by every command on a
 * project; what of the relations is read is what JOURNEY_RELATIONS says to Prisma.
 */
export function projectRow(id: string): Prisma.Sql {
  return Prisma.sql`(
    SELECT json_build_object(
      'id', p.id, 'ownerId', p.owner_id, 'status', p.status, 'stageNumber', p.stage_number, 'version', p.version,
      'eventSequence', p.event_sequence, 'archivedAt', p.archived_at, 'riskDismissals', p.risk_dismissals,
      'models', p.models, 'settings', p.settings,
      'stageConfigs', (
        SELECT coalesce(json_agg(json_build_object(
          'id', c.id, 'stageNumber', c.stage_number, 'version', c.version, 'milestones', c.milestones,
          'exitCriteria', c.exit_criteria, 'blockingRisks', c.blocking_risks) ORDER BY c.stage_number), '[]')
        FROM stage_config c WHERE c.project_id = p.id),
      'gates', (
        SELECT coalesce(json_agg(json_build_object(
          'id', g.id, 'stageNumber', g.stage_number, 'gateType', g.gate_type, 'status', g.status,
          'decision', g.decision, 'createdAt', g.created_at) ORDER BY g.id), '[]')
        FROM decision_gate g
        WHERE g.project_id = p.id AND g.superseded_at IS NULL
          AND (g.status = 'PENDING' OR g.decision = 'PROCEED')),
      'escalations', (
        SELECT coalesce(json_agg(asked), '[]')
        FROM (SELECT e.id, e.plain_english_problem AS "plainEnglishProblem" FROM agent_escalation e
              WHERE e.project_id = p.id AND e.status = 'PENDING' ORDER BY e.id LIMIT 1) asked),
      'artifacts', (
        SELECT coalesce(json_agg(json_build_object('id', a.id, 'type', a.type) ORDER BY a.id), '[]')
        FROM artifact a WHERE a.project_id = p.id AND a.generation_status = 'FAILED'))
    FROM project p WHERE p.id = ${id}::uuid)`;
}

/** @throws Error when there is no such project */
export function toProjectRow(read: unknown): ProjectRow {
  if (!read) throw new Error("A project was not there under its own lock");
  const row = read as ProjectRow & { archivedAt: string | null };
  return {
    ...row,
    archivedAt: row.archivedAt === null ? null : new Date(row.archivedAt),
    gates: row.gates.map((gate) => ({ ...gate, createdAt: new Date(gate.createdAt) })),
  };
}
