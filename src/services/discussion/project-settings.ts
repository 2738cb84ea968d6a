import { type DiscussionInput, discussionInputs } from "../../domain/discussion/inputs.ts";
import { changeSettings, readSettings } from "../../domain/discussion/settings.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import { runProjectCommand, staleVersion } from "../command/project.ts";
import type { ModelServices } from "../services.ts";
import { participants } from "./participants.ts";

/**
 * Changes the models that discuss a project, or how they do. Discussions that have begun go on as they were started.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when `expectedVersion` is stale,
 *   QuotaExceededError when the plan does not allow so many models
 */
export function updateProjectSettings(
  services: ModelServices,
  caller: Caller,
  raw: DiscussionInput<"updateProjectSettings">,
): Promise<CommandResult> {
  const input = parseInput(discussionInputs.updateProjectSettings, raw);
  const { projectId, models: named, expectedVersion, ...edit } = input;
  const request = {
    command: "updateProjectSettings",
    projectId,
    input,
    unrecorded: ["systemPromptOverride"],
  };
  return runProjectCommand(services, caller, request, async (project) => {
    const { row } = project;
    const about = { subject: "STAGE", subjectId: projectId } as const;
    const stale = staleVersion("The project", expectedVersion, row.version);
    if (stale) return refusedByConflict(stale, about);
    const models = named && (await participants(services, project, named));
    const settings = changeSettings(readSettings(row.settings), edit);
    const changes = { ...(models && { models: [...models] }), settings };
    return { id: projectId, changes, events: [{ ...about, type: "project_updated", detail: changes }] };
  });
}
