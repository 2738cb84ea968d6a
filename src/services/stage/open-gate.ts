import { ConflictError } from "../../domain/errors.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { MAX_PENDING_GATES } from "../../domain/stage/journey.ts";
import { stageOf } from "../../domain/stage/stage.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import { refusedByGuard, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";

/**
 * Opens a gate of the project's current stage; up to 20 may be pending at once.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (PARKED, ARCHIVED), ConflictError when 20 are pending
 */
export function openGate(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"openGate">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.openGate, raw);
  const { projectId, gateType, context } = input;
  const command = { command: "openGate", projectId, input };
  return runProjectCommand(services, caller, command, async (project) => {
    const { tx, journey, now } = project;
    const refused = { subject: "STAGE", subjectId: projectId } as const;
    if (journey.status === "PARKED") return refusedByGuard(project, blockerOf("PARKED"), refused);
    if (journey.pendingGates.length >= MAX_PENDING_GATES) {
      const message = `${MAX_PENDING_GATES} gates are pending already: decide one of them first.`;
      return refusedByConflict(new ConflictError(message, "FULL"), refused);
    }
    const id = services.ids.next();
    await tx.decisionGate.create({
      data: { id, projectId, stageNumber: journey.stage, gateType, context, createdAt: now },
    });
    const stage = stageOf(journey.stage).name;
    const detail = { gateType, stage };
    const about = { subject: "GATE", subjectId: id, type: "gate_opened" } as const;
    return { id, events: [{ ...about, toState: "PENDING", detail }] };
  });
}
