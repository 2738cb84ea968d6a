import type { NewEvent } from "../../domain/event/event.ts";
import { WORKSTREAM_STATES } from "../../domain/run/state.ts";
import { voidEscalations } from "../escalation/void-escalations.ts";
import { aboutWorkstream } from "./about.ts";
import { closeAttempts } from "./close-attempts.ts";
import { NO_LEASE, type RunToEnd } from "./run-command.ts";
import { endRun } from "./settle-run.ts";

const OPEN_STATES = WORKSTREAM_STATES.filter(({ terminal }) => !terminal).map(({ name }) => name);

/**
 * Abandons a run with everything in it that has not ended: leases end, steps in progress end as failures, and
 * questions that wait for an answer become void.
 *
 * @param said who abandoned it, if not the command's caller, with the reason and the cause that its event holds
 * @returns the events, the run's own last
 */
export async function abandonRun(
  locked: RunToEnd,
  said: Pick<NewEvent, "actor" | "reason"> & { readonly cause: string },
): Promise<NewEvent[]> {
  const { tx, run, now } = locked;
  const where = { runId: run.id, status: { in: OPEN_STATES } };
  const open = await tx.workstream.findMany({
    where,
    select: { id: true, key: true, status: true },
    orderBy: { position: "asc" },
  });
  const cut = await closeAttempts(
    locked,
    open.map(({ id }) => id),
    "RUN_ABANDONED",
  );
  await tx.workstream.updateMany({
    where,
    data: {
      status: "ABANDONED",
      blockedBy: null,
      readySequence: null,
      ...NO_LEASE,
      endedAt: now,
      updatedAt: now,
    },
  });
  const moved = open.map(
    ({ id, key, status }): NewEvent => ({
      ...aboutWorkstream({ id, runId: run.id }),
      type: "workstream_transition",
      actor: "SYSTEM",
      fromState: status,
      toState: "ABANDONED",
      detail: { key, cause: "RUN_ABANDONED" },
    }),
  );
  const closed = await voidEscalations(locked);
  return [...cut, ...moved, ...closed, await endRun(locked, "ABANDONED", said)];
}
