import type { NewEvent } from "../../domain/event/event.ts";
import type { LockedLog } from "../command/locked.ts";
import { aboutWorkstream } from "./about.ts";

/** Why a lease ended before the step that was tried under it. */
export type CutReason = "LEASE_EXPIRED" | "RELEASED" | "WORKSTREAM_ENDED" | "RUN_ABANDONED" | "ESCALATED";

interface CutAttempt {
  readonly id: string;
  readonly run_id: string;
  readonly workstream_id: string;
  readonly key: string;
  readonly step_name: string;
  readonly number: number;
}

/**
 * Ends the steps that are still in progress in workstreams whose lease ends: as failures, since nobody will
 * complete them. @returns an event for each
 */
export async function closeAttempts(
  { tx, now }: Pick<LockedLog, "tx" | "now">,
  workstreamIds: readonly string[],
  cause: CutReason,
): Promise<NewEvent[]> {
  if (workstreamIds.length === 0) return [];
  const result = JSON.stringify({ cause });
  // A clock that has jumped back must not let a step end before it began.
  const cut = await tx.$queryRaw<CutAttempt[]>`
    UPDATE step_attempt a
    SET status = 'FAILURE', completed_at = GREATEST(a.started_at, ${now}), result = ${result}::jsonb
    FROM workstream w
    WHERE w.id = a.workstream_id AND a.status = 'IN_PROGRESS' AND a.workstream_id = ANY(${[...workstreamIds]}::uuid[])
    RETURNING a.id, a.run_id, a.workstream_id, w.key, a.step_name, a.number`;
  return cut
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((attempt) => ({
      ...aboutWorkstream({ id: attempt.workstream_id, runId: attempt.run_id }),
      type: "step_completed",
      actor: "SYSTEM",
      fromState: "IN_PROGRESS",
      toState: "FAILURE",
      detail: { key: attempt.key, step: attempt.step_name, number: attempt.number, cause },
    }));
}
