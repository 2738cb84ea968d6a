import { type ArtifactInput, artifactInputs } from "../../domain/artifact/inputs.ts";
import { sameJson } from "../../domain/artifact/json-equal.ts";
import { edited } from "../../domain/artifact/revision.ts";
import { sourcesNow } from "../../domain/artifact/sources.ts";
import { ConflictError } from "../../domain/errors.ts";
import type { JsonValue } from "../../domain/event/event.ts";
import { parseAt, parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { settled, toColumns, toRevisions, upstreamAmong } from "./artifact.ts";
import { refusedByTier, runArtifactCommand, sectionNamed } from "./command.ts";
import { findArtifact } from "./start-generation.ts";

/**
 * Changes a section of a document. The content is checked by the section's own schema, the same that holds for models; what
 * the section says already is no change.
 *
 * @throws ValidationError for an unknown section and for content that does not fit, NotFoundError, LockedTierError,
 *   ConflictError when the document is being written, has never been, or `expectedVersion` is stale
 */
export async function editArtifactSection(
  services: Services,
  caller: Caller,
  raw: ArtifactInput<"editArtifactSection">,
): Promise<CommandResult> {
  const given = parseInput(artifactInputs.editArtifactSection, raw);
  const { artifactId, section: key } = given;
  const place = await findArtifact(services, artifactId, caller);
  const section = sectionNamed(place.type, key);
  // Before anything hashes or stores it: only what fits is known to be JSON of a bounded size.
  const content = parseAt("content", section.schema, given.content) as JsonValue;
  const request = {
    command: "editArtifactSection",
    input: { ...given, content },
    place,
    unrecorded: ["content"],
  };
  return runArtifactCommand(services, caller, request, async (artifact) => {
    const { project, row, type, about } = artifact;
    const locked = await refusedByTier(artifact, key, section);
    if (locked) return locked;
    const { current, previous } = toRevisions(row);
    if (!current) {
      const message = "The document has not been written yet: there is nothing to edit.";
      return refusedByConflict(new ConflictError(message, row.generationStatus, 0), about);
    }
    if (sameJson(current.content[key] ?? null, content)) return { id: row.id, events: [] };
    const siblings = await project.tx.artifact.findMany({ where: { projectId: row.projectId } });
    const sources = sourcesNow(section, upstreamAmong(siblings, type));
    const revisions = edited(current, previous, key, content, sources);
    await project.tx.artifact.update({
      where: { id: row.id },
      data: { ...toColumns(revisions.current, revisions.previous), ...settled(project.now) },
    });
    const detail = { type, section: key, version: revisions.current.version };
    return { id: row.id, events: [{ ...about, type: "artifact_edited", detail }] };
  });
}
