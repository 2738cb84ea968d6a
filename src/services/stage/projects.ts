import { ConflictError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { type ProjectInput, projectInputs } from "../../domain/stage/inputs.ts";
import { stageOf } from "../../domain/stage/stage.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import { runProjectCommand, staleVersion } from "../command/project.ts";
import { abandonOpenRuns } from "../run/abandon-open-runs.ts";
import type { Services } from "../services.ts";

/**
 * Changes a project's name, its description, or both.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when `expectedVersion` is stale
 */
export function updateProject(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"updateProject">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.updateProject, raw);
  const { projectId, expectedVersion, ...fields } = input;
  const command = { command: "updateProject", projectId, input };
  return runProjectCommand(services, caller, command, async ({ row }) => {
    const about = { subject: "STAGE", subjectId: projectId } as const;
    const stale = staleVersion("The project", expectedVersion, row.version);
    if (stale) return refusedByConflict(stale, about);
    const changes = {
      ...(fields.name !== undefined && { name: fields.name }),
      ...(fields.description !== undefined && { description: fields.description }),
    };
    return { id: projectId, changes, events: [{ ...about, type: "project_updated", detail: changes }] };
  });
}

/**
 * Archives a project: it leaves the lists and accepts no further command. Its log stays. Runs that have not
 * ended are abandoned with it, since no command could end them any more.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED) when it is archived already
 */
export function archiveProject(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"archiveProject">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.archiveProject, raw);
  const { projectId, reason = null } = input;
  const command = { command: "archiveProject", projectId, input };
  return runProjectCommand(services, caller, command, async ({ tx, row, now }) => {
    const sequence = row.eventSequence + 1;
    const archived = { subject: "STAGE", subjectId: projectId, type: "project_archived", reason } as const;
    const abandoned = await abandonOpenRuns({ tx, projectId, now, sequence });
    return { id: projectId, changes: { archivedAt: now }, events: [archived, ...abandoned] };
  });
}

/**
 * Parks an active project: it keeps its stage and makes no transition until it is unparked.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when it is parked already
 */
export function parkProject(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"parkProject">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.parkProject, raw);
  const { projectId, reason = null } = input;
  const about = { subject: "STAGE", subjectId: projectId } as const;
  const attempt = { ...about, type: "transition_rejected", to: "PARKED" } as const;
  const command = { command: "parkProject", projectId, input, attempt };
  return runProjectCommand(services, caller, command, async ({ row, journey }) => {
    if (journey.status === "PARKED") {
      return refusedByConflict(
        new ConflictError("The project is parked already.", "PARKED", row.version),
        attempt,
      );
    }
    return {
      id: projectId,
      changes: { status: "PARKED" },
      events: [{ ...about, type: "park", fromState: "ACTIVE", toState: "PARKED", reason }],
    };
  });
}

/**
 * Makes a parked project active again, in the stage that it was parked in.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when it is not parked
 */
export function unparkProject(
  services: Services,
  caller: Caller,
  raw: ProjectInput<"unparkProject">,
): Promise<CommandResult> {
  const input = parseInput(projectInputs.unparkProject, raw);
  const { projectId, reason = null } = input;
  const about = { subject: "STAGE", subjectId: projectId } as const;
  const attempt = { ...about, type: "transition_rejected", to: "ACTIVE" } as const;
  const command = { command: "unparkProject", projectId, input, attempt };
  return runProjectCommand(services, caller, command, async ({ row, journey }) => {
    if (journey.status === "ACTIVE") {
      const message = `The project is not parked: it is active, in the stage ${stageOf(journey.stage).title}.`;
      return refusedByConflict(new ConflictError(message, "ACTIVE", row.version), attempt);
    }
    return {
      id: projectId,
      changes: { status: "ACTIVE" },
      events: [{ ...about, type: "unpark", fromState: "PARKED", toState: "ACTIVE", reason }],
    };
  });
}
