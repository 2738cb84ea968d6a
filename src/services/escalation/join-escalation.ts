import type { NewEvent } from "../../domain/event/event.ts";
import type { LockedWorkstream } from "../run/run-command.ts";
import { aboutEscalation } from "./about.ts";
import { settleEscalations } from "./settle-escalations.ts";
import { stopWorkstream } from "./stop-workstream.ts";

/** Stops a workstream by the open escalation whose failure it has met: it waits behind those that are there. @returns the events */
export async function joinEscalation(
  locked: LockedWorkstream,
  { id, runId }: { readonly id: string; readonly runId: string },
  stepName: string,
): Promise<NewEvent[]> {
  const { tx, workstream, now } = locked;
  const stopped = await stopWorkstream(locked, id);
  const position = await tx.escalationWorkstream.count({ where: { escalationId: id } });
  // It may have been in it before: what it left it can join again, at its old place.
  await tx.escalationWorkstream.upsert({
    where: { escalationId_workstreamId: { escalationId: id, workstreamId: workstream.id } },
    create: {
      escalationId: id,
      workstreamId: workstream.id,
      runId,
      position,
      stepName,
      joinedAt: now,
    },
    update: { state: "STOPPED", stepName, joinedAt: now },
    select: { position: true },
  });
  const joined: NewEvent = {
    ...aboutEscalation({ id, runId, workstreamId: workstream.id }),
    type: "agent.escalation_joined",
    detail: { key: workstream.key, step: stepName },
  };
  return [...stopped, joined, ...(await settleEscalations(locked))];
}
