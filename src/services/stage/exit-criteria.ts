import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";
import { refusedEdit, saveSetup, setupOfStage } from "./setup.ts";

/**
 * Replaces a stage's exit criteria: what should be true before its gate is decided, in the founder's words.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (STAGE_LOCKED, ARCHIVED), ConflictError when
 *   `expectedVersion` is stale
 */
export function setExitCriteria(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"setExitCriteria">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.setExitCriteria, raw);
  const { projectId, stage, criteria, expectedVersion } = input;
  const command = { command: "setExitCriteria", projectId, input };
  return runProjectCommand(services, caller, command, async (project) => {
    const target = setupOfStage(project, stage);
    const about = { subject: "STAGE", subjectId: target.row.id } as const;
    const refused = refusedEdit(project, target, expectedVersion, about);
    if (refused) return refused;
    await saveSetup(project, target, { exitCriteria: criteria });
    return { id: target.row.id, events: [{ ...about, type: "exit_criteria", detail: { stage, criteria } }] };
  });
}
