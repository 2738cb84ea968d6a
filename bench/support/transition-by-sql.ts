import { v7 } from "uuid";
import { hashEvent, hashJson } from "../../src/domain/event/hash.ts";
import { stageOf, toStageNumber } from "../../src/domain/stage/stage.ts";
import type { Move } from "./moves.ts";
import type { Query } from "./sql-transactions.ts";

const CLAIM_KEY = `
  INSERT INTO idempotency_record (user_id, key, command, request_hash, created_at, expires_at)
  VALUES ($1, $2, 'transitionStage', $3, $4, $5) ON CONFLICT (user_id, key) DO NOTHING RETURNING key`;

const STORE_OUTCOME = "UPDATE idempotency_record SET outcome = $3 WHERE user_id = $1 AND key = $2";

const LOCK = "SELECT 1 FROM project WHERE id = $1 AND owner_id = $2 FOR UPDATE";

/** A statement after the lock's: it then sees what the last holder of the lock has committed. */
const GUARD = `
  SELECT p.status, p.archived_at, coalesce(p.stage_number, 0) AS stage, p.event_sequence, p.event_hash,
    EXISTS (SELECT 1 FROM decision_gate g WHERE g.project_id = p.id AND g.status = 'DECIDED'
      AND g.decision = 'PROCEED' AND g.superseded_at IS NULL AND g.stage_number = coalesce(p.stage_number, 0)) AS proceed,
    EXISTS (SELECT 1 FROM decision_gate g WHERE g.project_id = p.id AND g.status = 'PENDING') AS pending,
    EXISTS (SELECT 1 FROM stage_config c, jsonb_array_elements(c.blocking_risks) r
      WHERE c.project_id = p.id AND c.stage_number = p.stage_number
      AND (r->>'blocking')::boolean AND NOT (r->>'dismissed')::boolean) AS blocked
  FROM project p WHERE p.id = $1`;

interface GuardRow {
  readonly status: string;
  readonly archived_at: Date | null;
  readonly stage: number;
  readonly event_sequence: number;
  readonly event_hash: string;
  readonly proceed: boolean;
  readonly pending: boolean;
  readonly blocked: boolean;
}

const APPEND = `
  INSERT INTO event (id, project_id, sequence, correlation_id, subject, subject_id, type, from_state, to_state, actor,
    reason, detail, hash, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

const SAVE = `
  UPDATE project SET stage_number = $3, stage_entered_at = $4, updated_at = $4, version = version + 1,
    event_sequence = $5, event_hash = $6
  WHERE id = $1 AND event_sequence = $2 RETURNING version`;

/**
 * What a careful person would write for this one command: the rows and the checks are those of `transitionStage`, without
 * its refusals on record and without expiring gates, of which these projects have none.
 *
 * @returns the sequence of the event @throws when the guard refuses
 */
export async function transitionBySql(query: Query, userId: string, move: Move): Promise<number> {
  const { projectId, to, idempotencyKey } = move;
  const now = new Date();
  if (idempotencyKey !== null) {
    const requestHash = hashJson(["transitionStage", { projectId, to }]);
    const expiresAt = new Date(now.getTime() + 24 * 60 * 60 * 1000);
    const claimed = await query("claim", CLAIM_KEY, [userId, idempotencyKey, requestHash, now, expiresAt]);
    if (claimed.length === 0) throw new Error("A key was used twice.");
  }
  const locked = await query("lock", LOCK, [projectId, userId]);
  const [row] = await query<GuardRow>("guard", GUARD, [projectId]);
  if (locked.length === 0 || !row) throw new Error("There is no such project.");
  if (!allows(row, to)) throw new Error(`The guard refused ${row.stage} to ${to}: ${JSON.stringify(row)}`);

  const unhashed = {
    id: v7(),
    projectId,
    sequence: row.event_sequence + 1,
    correlationId: v7(),
    subject: "STAGE",
    subjectId: projectId,
    runId: null,
    workstreamId: null,
    type: "transition",
    fromState: stageOf(toStageNumber(row.stage)).name,
    toState: stageOf(to).name,
    actor: "FOUNDER",
    reason: null,
    detail: {},
    createdAt: now,
  } as const;
  const hash = hashEvent(row.event_hash, unhashed);
  const { id, sequence, correlationId, subject, type, fromState, toState, actor, reason, detail } = unhashed;
  const provenance = [actor, reason, detail, hash, now];
  const event = [id, projectId, sequence, correlationId, subject, projectId, type, fromState, toState];
  await query("append", APPEND, [...event, ...provenance]);
  const saved = await query("save", SAVE, [projectId, row.event_sequence, to, now, sequence, hash]);
  if (saved.length !== 1) throw new Error("The project changed under its lock.");
  if (idempotencyKey !== null) {
    const outcome = { result: { id: projectId, part: null, eventIds: [id] } };
    await query("outcome", STORE_OUTCOME, [userId, idempotencyKey, outcome]);
  }
  return sequence;
}

function allows({ stage, status, archived_at, proceed, pending, blocked }: GuardRow, to: number): boolean {
  if (archived_at !== null || status !== "ACTIVE" || pending || to === stage || to === 0) return false;
  return to < stage || (to === stage + 1 && proceed && !blocked);
}
