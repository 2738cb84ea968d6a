import type { NewEvent } from "../../domain/event/event.ts";
import type { LockedWorkstream } from "../run/run-command.ts";
import { settleEscalations } from "./settle-escalations.ts";

/** Lets those go on that wait for a workstream, when it has completed the step that had failed. @returns the events */
export async function followSuccess(locked: LockedWorkstream, stepName: string): Promise<NewEvent[]> {
  const { tx, workstream } = locked;
  const where = { workstreamId: workstream.id, state: "TRYING", stepName };
  const tries = await tx.escalationWorkstream.count({ where });
  return tries === 0 ? [] : settleEscalations(locked, workstream.id);
}
