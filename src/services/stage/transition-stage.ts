import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { explainTransition } from "../../domain/stage/advance.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { type StageNumber, stageOf, toStageNumber } from "../../domain/stage/stage.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type LockedProject, refusedByGuard, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";

/**
 * Moves a project to another stage: forward under the guard, back at any time while it is active. Moving
 * back expires the gates that are still pending, since they belong to the stage that is left.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError with the first rule that `explainTransition` names
 */
export function transitionStage(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"transitionStage">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.transitionStage, raw);
  const { projectId, reason = null } = input;
  const to = toStageNumber(input.to);
  const attempt = {
    subject: "STAGE",
    subjectId: projectId,
    type: "transition_rejected",
    to: stageOf(to).name,
  } as const;
  const command = { command: "transitionStage", projectId, input, attempt };
  return runProjectCommand(services, caller, command, async (project) => {
    const [blocker] = explainTransition(project.journey, to);
    if (blocker) return refusedByGuard(project, blocker, attempt);
    const expired = await expirePendingGates(project);
    return {
      id: projectId,
      changes: enterStage(to, project.now),
      events: [transitionEvent(projectId, project.journey.stage, to, reason), ...expired],
    };
  });
}

/** The changes to the project's row when it enters a stage. */
export function enterStage(to: StageNumber, now: Date) {
  return { stageNumber: to, stageEnteredAt: now };
}

export function transitionEvent(
  projectId: string,
  from: StageNumber,
  to: StageNumber,
  reason: string | null,
): NewEvent {
  return {
    subject: "STAGE",
    subjectId: projectId,
    type: "transition",
    reason,
    fromState: stageOf(from).name,
    toState: stageOf(to).name,
  };
}

/** Lets the pending gates expire, but for one that is being decided. @returns an event for each */
export async function expirePendingGates(
  { tx, row, journey }: LockedProject,
  decidedGateId?: string,
): Promise<NewEvent[]> {
  const gates = journey.pendingGates.filter((gate) => gate.id !== decidedGateId);
  if (gates.length === 0) return [];
  const { count } = await tx.decisionGate.updateMany({
    where: { projectId: row.id, status: "PENDING", id: { in: gates.map((gate) => gate.id) } },
    data: { status: "EXPIRED" },
  });
  if (count !== gates.length) throw new Error(`Gates of project ${row.id} changed under its lock`);
  return gates.map((gate) => ({
    subject: "GATE",
    subjectId: gate.id,
    type: "gate_expired",
    fromState: "PENDING",
    toState: "EXPIRED",
    detail: { gateType: gate.gateType },
  }));
}
