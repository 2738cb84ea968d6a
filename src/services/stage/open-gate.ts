import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { stageOf } from "../../domain/stage/stage.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByGuard, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";

/**
 * Opens a gate of the project's current stage; several may be pending at once.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (PARKED, ARCHIVED)
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
    if (journey.status === "PARKED") {
      return refusedByGuard(project, blockerOf("PARKED"), { subject: "STAGE", subjectId: projectId });
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
