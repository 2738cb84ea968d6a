import { followUp, type OpenEscalation } from "../../domain/escalation/followers.ts";
import type { EscalationStatus } from "../../domain/escalation/state.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import type { BlockReason, WorkstreamStatus } from "../../domain/run/state.ts";
import { aboutWorkstream } from "../run/about.ts";
import { mustBeMove } from "../run/must-be-move.ts";
import type { RunToEnd } from "../run/run-command.ts";
import { aboutEscalation } from "./about.ts";
import { resumeRun } from "./pause-run.ts";

const OPEN = { in: ["STOPPED", "TRYING"] };

interface OpenRow {
  readonly escalation_id: string;
  readonly escalation_status: string;
  readonly asked_by: string;
  readonly workstream_id: string;
  readonly state: "STOPPED" | "TRYING";
  readonly key: string;
  readonly status: string;
  readonly blocked_by: string | null;
}

/**
 * Lets those go on that escalations of a run have stopped, as far as it is their turn, after one of them has changed:
 * ended, was stopped anew, or completed the step that had failed. A question that nobody waits for any more becomes void.
 *
 * @param succeeded the workstream that has just completed with success the step that had failed
 * @returns the events of all that, by the system
 */
export async function settleEscalations(
  locked: RunToEnd,
  succeeded: string | null = null,
): Promise<NewEvent[]> {
  const rows = await readOpen(locked);
  if (rows.length === 0) return [];
  const decided = [...Map.groupBy(rows, ({ escalation_id }) => escalation_id)].map(([id, participants]) => ({
    id,
    ...followUp(toOpen(id, participants), succeeded),
  }));
  const left = decided.flatMap((each) => each.left);
  const cleared = new Set(decided.flatMap((each) => each.cleared));
  const tries = new Set(decided.flatMap(({ tries }) => tries ?? []));
  const freed = rows.filter(
    ({ workstream_id: id, state }) => state === "STOPPED" && (cleared.has(id) || tries.has(id)),
  );
  await free(
    locked,
    freed.map(({ workstream_id }) => workstream_id),
  );
  for (const [state, ids] of [
    ["LEFT", left],
    ["CLEARED", [...cleared]],
    ["TRYING", [...tries]],
  ] as const) {
    if (ids.length === 0) continue;
    await locked.tx.escalationWorkstream.updateMany({
      where: { workstreamId: { in: [...ids] }, state: OPEN },
      data: { state },
    });
  }
  const moved = freed.map(
    (row): NewEvent => ({
      ...aboutWorkstream({ id: row.workstream_id, runId: locked.run.id }),
      type: "workstream_transition",
      actor: "SYSTEM",
      fromState: row.status,
      toState: "READY",
      detail: {
        key: row.key,
        cause: tries.has(row.workstream_id) ? "ESCALATION_TRIES_FIRST" : "ESCALATION_FOLLOWS",
        escalation: row.escalation_id,
      },
    }),
  );
  const voided = new Set(decided.filter(({ isVoid }) => isVoid).map(({ id }) => id));
  return [...moved, ...(await closeVoid(locked, voided, rows))];
}

/** All that escalations of the run still hold, each escalation's in the order in which they try. */
function readOpen({ tx, run }: RunToEnd): Promise<OpenRow[]> {
  return tx.$queryRaw<OpenRow[]>`
    SELECT p.escalation_id, e.status AS escalation_status, e.workstream_id AS asked_by, p.workstream_id, p.state,
           w.key, w.status, w.blocked_by
    FROM escalation_workstream p
    JOIN agent_escalation e ON e.id = p.escalation_id
    JOIN workstream w ON w.id = p.workstream_id
    WHERE p.run_id = ${run.id}::uuid AND p.state IN ('STOPPED', 'TRYING')
    ORDER BY p.escalation_id, p.position`;
}

function toOpen(id: string, rows: readonly OpenRow[]): OpenEscalation {
  return {
    id,
    status: rows[0]?.escalation_status as EscalationStatus,
    participants: rows.map(({ workstream_id, state, status, blocked_by }) => ({
      workstreamId: workstream_id,
      state,
      standing: { status: status as WorkstreamStatus, blockedBy: blocked_by as BlockReason | null },
    })),
  };
}

/** Makes stopped workstreams ready; whoever claims them next gets the answer, unless it was to give one up. */
async function free({ tx, run, now, sequence }: RunToEnd, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  mustBeMove("workstream", "BLOCKED", "READY");
  const count = await tx.$executeRaw`
    UPDATE workstream w
    SET status = 'READY', blocked_by = NULL, ready_sequence = ${sequence}, updated_at = ${now},
        answered_by_id = CASE WHEN e.status = 'RESOLVED' AND e.founder_decision <> 'skip'
                              THEN e.id ELSE w.answered_by_id END
    FROM escalation_workstream p JOIN agent_escalation e ON e.id = p.escalation_id
    WHERE p.workstream_id = w.id AND p.state = 'STOPPED' AND w.id = ANY(${[...ids]}::uuid[])
      AND w.status = 'BLOCKED' AND w.blocked_by = 'ESCALATION'`;
  if (count !== ids.length)
    throw new Error(`Workstreams of run ${run.id} changed under their project's lock`);
}

async function closeVoid(
  locked: RunToEnd,
  ids: ReadonlySet<string>,
  rows: readonly OpenRow[],
): Promise<NewEvent[]> {
  if (ids.size === 0) return [];
  const { tx, run, now } = locked;
  await tx.agentEscalation.updateMany({
    where: { id: { in: [...ids] }, status: "PENDING" },
    data: { status: "SKIPPED", resolution: "WORKSTREAM_ENDED", resolvedAt: now },
  });
  const closed = [...ids].map((id): NewEvent => {
    const workstreamId = rows.find((row) => row.escalation_id === id)?.asked_by ?? "";
    return {
      ...aboutEscalation({ id, runId: run.id, workstreamId }),
      type: "agent.escalation_resolved",
      actor: "SYSTEM",
      fromState: "PENDING",
      toState: "SKIPPED",
      detail: { decision: null, resolution: "WORKSTREAM_ENDED" },
    };
  });
  return [...closed, ...(await resumeRun(locked))];
}
