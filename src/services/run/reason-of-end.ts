import type { NewEvent } from "../../domain/event/event.ts";
import type { Run } from "../../generated/prisma/client.ts";
import type { Transaction } from "../command/command.ts";

/**
 * Why a person has ended what a refused command is about, as a sentence for the agent that is refused: that the run was
 * abandoned, or that they took or stopped the workstream. The log alone knows the reason.
 *
 * @param about the refusal's event
 * @returns null when it goes on, when it ended by itself, or when no reason was given
 */
export async function reasonOfEnd(
  tx: Transaction,
  run: Pick<Run, "id" | "status">,
  { workstreamId }: Pick<NewEvent, "workstreamId">,
): Promise<string | null> {
  const orderBy = { sequence: "desc" } as const;
  if (run.status === "ABANDONED") {
    const where = { runId: run.id, workstreamId: null, type: "run_transition", toState: "ABANDONED" };
    const ended = await tx.event.findFirst({ where, orderBy, select: { reason: true } });
    return ended?.reason ? `The run was abandoned: “${ended.reason}”` : null;
  }
  if (!workstreamId) return null;
  const types = ["workstream_transition", "workstream_released", "workstream_claimed"];
  const where = { workstreamId, type: { in: types } };
  const last = await tx.event.findFirst({
    where,
    orderBy,
    select: { reason: true, actor: true, toState: true },
  });
  if (!last?.reason || last.actor !== "FOUNDER") return null;
  return `It was moved to ${last.toState}: “${last.reason}”`;
}

/** Why a person has archived a project, as such a sentence; null when no reason was given. */
export async function reasonOfArchiving(tx: Transaction, projectId: string): Promise<string | null> {
  const where = { projectId, subject: "STAGE", type: "project_archived" };
  const archived = await tx.event.findFirst({
    where,
    orderBy: { sequence: "desc" },
    select: { reason: true },
  });
  return archived?.reason ? `It was archived: “${archived.reason}”` : null;
}
