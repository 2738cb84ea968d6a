import type { Plan } from "../../domain/account/plan.ts";
import { documentOf, sectionOf, sectionsOf } from "../../domain/artifact/documents.ts";
import type { SectionDefinition } from "../../domain/artifact/section.ts";
import { isOpen, requiredPlan } from "../../domain/artifact/tier.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import { ConflictError, LockedTierError, ValidationError } from "../../domain/errors.ts";
import type { Artifact } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import {
  type Accepted,
  type LockedProject,
  refusedByDocument,
  runProjectCommand,
  staleVersion,
} from "../command/project.ts";
import type { Services } from "../services.ts";
import { type ArtifactPlace, findArtifact } from "./start-generation.ts";

/** A document under its project's lock. */
export interface LockedArtifact {
  readonly project: LockedProject;
  readonly row: Artifact;
  readonly type: ArtifactType;
  readonly about: { readonly subject: "ARTIFACT"; readonly subjectId: string };
}

interface ArtifactRequest {
  readonly command: string;
  readonly input: { readonly artifactId: string; readonly expectedVersion?: number | undefined };
  /** Where the document is, when the caller has looked already. */
  readonly place?: ArtifactPlace;
  /** What the log does not hold: a plan may come to hide it. */
  readonly unrecorded?: readonly string[];
}

/**
 * A command of a person on one document: locks its project, refuses while the document is being written and when the
 * client has read an earlier version, and lets `decide` do the rest.
 *
 * @throws NotFoundError when there is no such document or it is someone else's
 */
export async function runArtifactCommand(
  services: Services,
  caller: Caller,
  { command, input, place, unrecorded = [] }: ArtifactRequest,
  decide: (artifact: LockedArtifact) => Promise<Accepted | Refused>,
): Promise<CommandResult> {
  const { artifactId, expectedVersion } = input;
  const { projectId, type } = place ?? (await findArtifact(services, artifactId, caller));
  const about = { subject: "ARTIFACT", subjectId: artifactId } as const;
  const request = { command, projectId, input, attempt: about, unrecorded };
  return runProjectCommand(services, caller, request, async (project) => {
    const row = await project.tx.artifact.findUniqueOrThrow({ where: { id: artifactId } });
    if (row.generationStatus === "GENERATING") {
      const message = "The document is being written. Wait until it is done.";
      return refusedByConflict(new ConflictError(message, "GENERATING", row.versionNumber), about);
    }
    const stale = staleVersion("The document", expectedVersion, row.versionNumber);
    return stale ? refusedByConflict(stale, about) : decide({ project, row, type, about });
  });
}

/**
 * The section of a document.
 *
 * @throws ValidationError that lists the sections, when it has none of that name
 */
export function sectionNamed(type: ArtifactType, key: string): SectionDefinition {
  const document = documentOf(type);
  const section = sectionOf(document, key);
  if (section) return section;
  const names = sectionsOf(document).map(([name]) => name);
  throw new ValidationError([
    { path: "section", message: `must be a section of the document: ${names.join(", ")}` },
  ]);
}

/** The refusal of a section that the plan of the project's owner does not open; null when it does. */
export async function refusedByTier(
  { project: { tx, row }, about }: LockedArtifact,
  key: string,
  section: SectionDefinition,
): Promise<Refused | null> {
  const owner = await tx.user.findUniqueOrThrow({ where: { id: row.ownerId }, select: { plan: true } });
  if (isOpen(section, owner.plan as Plan)) return null;
  return refusedByDocument(new LockedTierError(key, requiredPlan(section.tier)), about);
}
