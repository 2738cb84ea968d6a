import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { leaseEnd } from "../../domain/run/lease.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type LockedLog, refusedByRule, runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { giveBackExpired } from "./give-back.ts";
import { placeOfRun } from "./place.ts";

/** What a claim gives out, and to whom. */
interface Grant {
  readonly runId: string | null;
  readonly agent: string;
  readonly sessionId: string | null;
  readonly leaseToken: string;
  readonly expiresAt: Date;
}

interface ClaimedRow {
  readonly id: string;
  readonly run_id: string;
  readonly key: string;
  readonly attempt: number;
  readonly run_status: string;
}

/**
 * Gives an agent the next ready workstream of a run or of a whole project, under a lease. The run that was
 * served longest ago comes first, and in it the workstream that became ready first. Where nothing is ready,
 * what has expired is given back first and looked at again. After the answer to a question of its breaker a run
 * hands out only the workstream that tries first, until that has succeeded.
 *
 * Nothing ready, a run that has ended or is paused and a parked project are no errors: there is no workstream then, and
 * nothing is recorded.
 *
 * @returns the workstream's id with the lease's token as its part; without a part the id is the run's or
 *   the project's that was asked, since there was nothing to claim
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED)
 */
export async function claimWorkstream(
  services: Services,
  caller: Caller,
  raw: RunInput<"claimWorkstream">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.claimWorkstream, raw);
  const { runId = null, agent, sessionId = null, leaseSeconds } = input;
  const projectId =
    runId === null ? (input.projectId as string) : (await placeOfRun(services, caller, runId)).projectId;
  return runLockedCommand(services, caller, { command: "claimWorkstream", projectId, input }, async (log) => {
    const { head, now } = log;
    if (head.archived) {
      const about = runId === null ? ({ subject: "STAGE", subjectId: projectId } as const) : aboutRun(runId);
      return refusedByRule({ ...blockerOf("ARCHIVED"), from: null, to: null, allowed: [] }, about);
    }
    if (head.status === "PARKED") return { id: runId ?? projectId, events: [] };
    const leaseToken = services.ids.next();
    const grant = { runId, agent, sessionId, leaseToken, expiresAt: leaseEnd(now, leaseSeconds) };
    let claimed = await takeNext(log, grant);
    const returned = claimed ? [] : await giveBackExpired(log);
    if (returned.length > 0) claimed = await takeNext(log, grant);
    if (!claimed) return { id: runId ?? projectId, events: returned };
    return { id: claimed.id, part: leaseToken, events: [...returned, ...claimEvents(claimed, grant)] };
  });
}

/** Picks, leases and moves the next workstream, and marks its run as served, in one statement. */
async function takeNext({ tx, head, now }: LockedLog, grant: Grant): Promise<ClaimedRow | undefined> {
  const { runId, agent, sessionId, leaseToken, expiresAt } = grant;
  const ofRun = runId === null ? Prisma.empty : Prisma.sql`AND r.id = ${runId}::uuid`;
  const sequence = head.eventSequence + 1;
  // What others have locked is passed over: a claim never waits for a row, only for its project's turn.
  const [claimed] = await tx.$queryRaw<ClaimedRow[]>`
    WITH chosen AS (
      SELECT w.id, w.run_id, r.status AS run_status
      FROM workstream w JOIN run r ON r.id = w.run_id
      WHERE r.project_id = ${head.id}::uuid AND r.status IN ('PENDING', 'RUNNING') AND r.paused_at IS NULL
        AND w.status = 'READY' ${ofRun}
        -- After an answer to its breaker a run is tried with one workstream at a time, until that has succeeded.
        AND (NOT EXISTS (SELECT 1 FROM escalation_workstream p JOIN agent_escalation e ON e.id = p.escalation_id
                         WHERE p.run_id = r.id AND p.state = 'TRYING' AND e.origin = 'BREAKER')
             OR EXISTS (SELECT 1 FROM escalation_workstream p JOIN agent_escalation e ON e.id = p.escalation_id
                        WHERE p.workstream_id = w.id AND p.state = 'TRYING' AND e.origin = 'BREAKER'))
      ORDER BY r.last_claim_sequence, r.id, w.ready_sequence, w.position
      LIMIT 1
      FOR UPDATE OF w SKIP LOCKED
    ), served AS (
      UPDATE run SET last_claim_sequence = ${sequence}, status = 'RUNNING',
                     started_at = coalesce(started_at, ${now}), updated_at = ${now}
      FROM chosen WHERE run.id = chosen.run_id
    )
    UPDATE workstream w
    SET status = 'EDITING', attempt = w.attempt + 1, ready_sequence = NULL, updated_at = ${now},
        lease_token = ${leaseToken}::uuid, lease_holder = ${agent}, lease_expires_at = ${expiresAt},
        session_id = ${sessionId}
    FROM chosen WHERE w.id = chosen.id
    RETURNING w.id, w.run_id, w.key, w.attempt, chosen.run_status`;
  return claimed;
}

function claimEvents(claimed: ClaimedRow, { agent, expiresAt }: Grant): NewEvent[] {
  const { id, run_id: runId, key, attempt, run_status } = claimed;
  const started: NewEvent = {
    ...aboutRun(runId),
    type: "run_transition",
    actor: "SYSTEM",
    fromState: run_status,
    toState: "RUNNING",
    detail: { cause: "FIRST_CLAIM" },
  };
  const taken: NewEvent = {
    ...aboutWorkstream({ id, runId }),
    type: "workstream_claimed",
    fromState: "READY",
    toState: "EDITING",
    detail: { key, agent, attempt, expiresAt: expiresAt.toISOString() },
  };
  return run_status === "RUNNING" ? [taken] : [started, taken];
}
