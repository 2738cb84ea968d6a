import { type Annotation, MAX_ANNOTATIONS } from "../../domain/artifact/annotation.ts";
import { type ArtifactInput, artifactInputs } from "../../domain/artifact/inputs.ts";
import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { annotationsOf } from "./artifact.ts";
import { refusedByTier, runArtifactCommand, sectionNamed } from "./command.ts";

/**
 * Notes something beside a section. Notes are no part of the content, and stay when that is written anew.
 *
 * @throws ValidationError, NotFoundError, LockedTierError, ConflictError when the document is being written or
 *   holds 200 notes
 */
export async function annotateArtifact(
  services: Services,
  caller: Caller,
  raw: ArtifactInput<"annotateArtifact">,
): Promise<CommandResult> {
  const input = parseInput(artifactInputs.annotateArtifact, raw);
  const { section: key, note } = input;
  const request = { command: "annotateArtifact", input, unrecorded: ["note"] };
  return runArtifactCommand(services, caller, request, async (artifact) => {
    const { project, row, type, about } = artifact;
    const locked = await refusedByTier(artifact, key, sectionNamed(type, key));
    if (locked) return locked;
    const annotations = annotationsOf(row);
    if (annotations.length >= MAX_ANNOTATIONS) {
      const message = `A document holds at most ${MAX_ANNOTATIONS} notes.`;
      return refusedByConflict(new ConflictError(message, "FULL", row.versionNumber), about);
    }
    const id = services.ids.next();
    const annotation: Annotation = { id, section: key, note, createdAt: project.now.toISOString() };
    await project.tx.artifact.update({
      where: { id: row.id },
      data: { annotations: [...annotations, annotation], updatedAt: project.now },
    });
    const detail = { type, section: key, annotation: id };
    return { id: row.id, part: id, events: [{ ...about, type: "artifact_annotated", detail }] };
  });
}

/**
 * Removes a note.
 *
 * @throws ValidationError, NotFoundError when the document has no such note, LockedTierError, ConflictError when the
 *   document is being written
 */
export async function removeAnnotation(
  services: Services,
  caller: Caller,
  raw: ArtifactInput<"removeAnnotation">,
): Promise<CommandResult> {
  const input = parseInput(artifactInputs.removeAnnotation, raw);
  const request = { command: "removeAnnotation", input };
  return runArtifactCommand(services, caller, request, async (artifact) => {
    const { project, row, type, about } = artifact;
    const annotations = annotationsOf(row);
    const annotation = annotations.find(({ id }) => id === input.annotationId);
    if (!annotation) throw new NotFoundError("The document has no such note.");
    const { section: key } = annotation;
    const locked = await refusedByTier(artifact, key, sectionNamed(type, key));
    if (locked) return locked;
    await project.tx.artifact.update({
      where: { id: row.id },
      data: { annotations: annotations.filter((other) => other !== annotation), updatedAt: project.now },
    });
    const detail = { type, section: key, annotation: annotation.id };
    return { id: row.id, part: annotation.id, events: [{ ...about, type: "annotation_removed", detail }] };
  });
}
