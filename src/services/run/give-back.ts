import type { DueRow } from "../../domain/due.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { WORKING_STATES } from "../../domain/run/state.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import type { LockedLog } from "../command/locked.ts";
import { aboutWorkstream } from "./about.ts";
import { closeAttempts } from "./close-attempts.ts";
import { type LockedWorkstream, NO_LEASE } from "./run-command.ts";

/** Gives one workstream back that is worked on: it is ready for the next claim. @returns the events of that */
export async function releaseLease(
  locked: LockedWorkstream,
  reason: string | null,
  cause: "GIVEN_BACK" | "TAKEN_BACK",
): Promise<NewEvent[]> {
  const { tx, workstream, now, sequence } = locked;
  const cut = await closeAttempts(locked, [workstream.id], "RELEASED");
  const { count } = await tx.workstream.updateMany({
    where: { id: workstream.id, status: workstream.status, leaseToken: workstream.leaseToken },
    data: { status: "READY", readySequence: sequence, ...NO_LEASE, updatedAt: now },
  });
  if (count !== 1) throw new Error(`Workstream ${workstream.id} changed under its project's lock`);
  const { key, attempt, leaseHolder, status } = workstream;
  const released: NewEvent = {
    ...aboutWorkstream(workstream),
    type: "workstream_released",
    reason,
    fromState: status,
    toState: "READY",
    detail: { key, attempt, agent: leaseHolder, cause },
  };
  return [...cut, released];
}

interface ExpiredRow {
  readonly id: string;
  readonly run_id: string;
  readonly key: string;
  readonly attempt: number;
  readonly status: string;
  readonly lease_holder: string;
  readonly lease_expires_at: Date;
}

/** How many workstreams one transaction gives back at the most, so that it holds its project's lock only so long. */
export const GIVE_BACK_BATCH = 200;

/**
 * Gives back the workstreams of a project whose leases have expired by the command's clock, up to a batch, the
 * longest expired first; and those of `elapsed` whose leases still end when it says. The attempt stays spent, and steps in progress end as failures. When there are none
 * left it does nothing. @returns the events, by the system
 */
export async function giveBackExpired(log: LockedLog, elapsed: readonly DueRow[] = []): Promise<NewEvent[]> {
  const { tx, head, now } = log;
  const isOver =
    elapsed.length === 0
      ? Prisma.sql`w.lease_expires_at <= ${now}`
      : Prisma.sql`(w.lease_expires_at <= ${now} OR (w.id, w.lease_expires_at) IN (SELECT * FROM unnest(
          ${elapsed.map(({ id }) => id)}::uuid[], ${elapsed.map(({ dueAt }) => dueAt.toISOString())}::timestamptz[])))`;
  const expired = await tx.$queryRaw<ExpiredRow[]>`
    WITH expired AS (
      SELECT w.id, w.run_id, w.key, w.attempt, w.status, w.lease_holder, w.lease_expires_at
      FROM workstream w JOIN run r ON r.id = w.run_id
      WHERE r.project_id = ${head.id}::uuid AND w.lease_token IS NOT NULL AND ${isOver}
        AND w.status = ANY(${[...WORKING_STATES]}::text[])
      ORDER BY w.lease_expires_at, w.id
      LIMIT ${GIVE_BACK_BATCH}
      FOR UPDATE OF w
    )
    UPDATE workstream w
    SET status = 'READY', ready_sequence = ${head.eventSequence + 1}, updated_at = ${now},
        lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL
    FROM expired WHERE w.id = expired.id
    RETURNING expired.*`;
  const inOrder = expired.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const cut = await closeAttempts(
    log,
    inOrder.map(({ id }) => id),
    "LEASE_EXPIRED",
  );
  const returned = inOrder.map(
    (row): NewEvent => ({
      ...aboutWorkstream({ id: row.id, runId: row.run_id }),
      type: "lease_expired",
      actor: "SYSTEM",
      fromState: row.status,
      toState: "READY",
      detail: {
        key: row.key,
        attempt: row.attempt,
        agent: row.lease_holder,
        expiredAt: row.lease_expires_at.toISOString(),
      },
    }),
  );
  return [...cut, ...returned];
}
