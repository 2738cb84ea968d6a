import { type ArtifactInput, artifactInputs } from "../../domain/artifact/inputs.ts";
import { reverted } from "../../domain/artifact/revision.ts";
import { ConflictError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { toColumns, toRevisions } from "./artifact.ts";
import { runArtifactCommand } from "./command.ts";

/**
 * Takes a document back to its previous version, which changes places with the present one.
 *
 * @throws ValidationError, NotFoundError, ConflictError when it has no previous version, is being written, or
 *   `expectedVersion` is stale
 */
export async function revertArtifact(
  services: Services,
  caller: Caller,
  raw: ArtifactInput<"revertArtifact">,
): Promise<CommandResult> {
  const input = parseInput(artifactInputs.revertArtifact, raw);
  const request = { command: "revertArtifact", input };
  return runArtifactCommand(services, caller, request, async ({ project, row, type, about }) => {
    const { current, previous } = toRevisions(row);
    if (!current || !previous) {
      const message = "The document has no previous version to go back to.";
      return refusedByConflict(new ConflictError(message, row.generationStatus, row.versionNumber), about);
    }
    const revisions = reverted(current, previous);
    await project.tx.artifact.update({
      where: { id: row.id },
      data: { ...toColumns(revisions.current, revisions.previous), updatedAt: project.now },
    });
    const detail = { type, version: revisions.current.version, revertedTo: previous.version };
    return { id: row.id, events: [{ ...about, type: "artifact_reverted", detail }] };
  });
}
