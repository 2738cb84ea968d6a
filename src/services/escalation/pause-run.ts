import type { NewEvent } from "../../domain/event/event.ts";
import { aboutRun } from "../run/about.ts";
import type { RunToEnd } from "../run/run-command.ts";

/** Has a run hand out no more work; what is under way goes on. @returns the event, unless it is paused already */
export async function pauseRun({ tx, run, now }: RunToEnd, escalationId: string): Promise<NewEvent[]> {
  const { count } = await tx.run.updateMany({
    where: { id: run.id, pausedAt: null },
    data: { pausedAt: now, updatedAt: now },
  });
  if (count === 0) return [];
  return [
    {
      ...aboutRun(run.id),
      type: "agent.build_paused",
      actor: "SYSTEM",
      detail: { escalation: escalationId },
    },
  ];
}

/** Has a paused run hand out work again, once no question of its breaker is pending. @returns the event of it */
export async function resumeRun({ tx, run, now }: RunToEnd): Promise<NewEvent[]> {
  const { count } = await tx.run.updateMany({
    where: {
      id: run.id,
      pausedAt: { not: null },
      escalations: { none: { status: "PENDING", origin: "BREAKER" } },
    },
    data: { pausedAt: null, updatedAt: now },
  });
  return count === 0 ? [] : [{ ...aboutRun(run.id), type: "agent.build_resumed", actor: "SYSTEM" }];
}
