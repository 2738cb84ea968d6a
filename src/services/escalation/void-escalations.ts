import type { NewEvent } from "../../domain/event/event.ts";
import type { RunToEnd } from "../run/run-command.ts";
import { aboutEscalation } from "./about.ts";

/** Closes what is still asked in a run that ends: there is nothing left to answer. @returns the events, by the system */
export async function voidEscalations({ tx, run, now }: RunToEnd): Promise<NewEvent[]> {
  // The states are literals: the index of what is open is used only where the plan knows them.
  await tx.$executeRaw`
    UPDATE escalation_workstream SET state = 'LEFT'
    WHERE run_id = ${run.id}::uuid AND state IN ('STOPPED', 'TRYING')`;
  const where = { runId: run.id, status: "PENDING" };
  const pending = await tx.agentEscalation.findMany({
    where,
    select: { id: true, runId: true, workstreamId: true },
    orderBy: { id: "asc" },
  });
  if (pending.length === 0) return [];
  await tx.agentEscalation.updateMany({
    where,
    data: { status: "SKIPPED", resolution: "RUN_ENDED", resolvedAt: now },
  });
  return pending.map((escalation) => ({
    ...aboutEscalation(escalation),
    type: "agent.escalation_resolved",
    actor: "SYSTEM",
    fromState: "PENDING",
    toState: "SKIPPED",
    detail: { decision: null, resolution: "RUN_ENDED" },
  }));
}
