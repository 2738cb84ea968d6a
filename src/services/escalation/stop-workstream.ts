import type { NewEvent } from "../../domain/event/event.ts";
import { aboutWorkstream } from "../run/about.ts";
import { closeAttempts } from "../run/close-attempts.ts";
import { mustBeMove } from "../run/must-be-move.ts";
import { type LockedWorkstream, NO_LEASE } from "../run/run-command.ts";

/**
 * Stops a workstream that is worked on: its lease ends, its steps in progress end as failures, and it stays BLOCKED
 * until a question is answered. What another escalation kept of it, it has left. @returns the events
 */
export async function stopWorkstream(locked: LockedWorkstream, escalationId: string): Promise<NewEvent[]> {
  const { tx, workstream, now } = locked;
  const { id, key, status, leaseToken, leaseHolder, attempt } = workstream;
  mustBeMove("workstream", status, "BLOCKED");
  const cut = await closeAttempts(locked, [id], "ESCALATED");
  const { count } = await tx.workstream.updateMany({
    where: { id, status, leaseToken },
    data: { status: "BLOCKED", blockedBy: "ESCALATION", ...NO_LEASE, updatedAt: now },
  });
  if (count !== 1) throw new Error(`Workstream ${id} changed under its project's lock`);
  await tx.escalationWorkstream.updateMany({
    where: { workstreamId: id, state: { in: ["STOPPED", "TRYING"] } },
    data: { state: "LEFT" },
  });
  const stopped: NewEvent = {
    ...aboutWorkstream(workstream),
    type: "workstream_transition",
    actor: "SYSTEM",
    fromState: status,
    toState: "BLOCKED",
    detail: { key, cause: "ESCALATED", escalation: escalationId, agent: leaseHolder, attempt },
  };
  return [...cut, stopped];
}
