import { type GenerationPlan, planGeneration } from "../../domain/artifact/generation.ts";
import { type ArtifactInput, artifactInputs } from "../../domain/artifact/inputs.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { ConflictError, EditsWouldBeLostError, NotFoundError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { checkBudget, readBudget } from "../account/budget.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import {
  type Accepted,
  type LockedProject,
  type ProjectRequest,
  refusedByDocument,
  runProjectCommand,
} from "../command/project.ts";
import type { ModelServices, Services } from "../services.ts";
import { toExisting } from "./artifact.ts";

/**
 * Has a project's documents written: those that are missing or failed, or, by force, all of them. It returns at once; the
 * chain runs as a job that is enqueued in the same transaction.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when documents are being
 *   written or none is missing, EditsWouldBeLostError, QuotaExceededError when the day's tokens are used up
 */
export async function generateArtifacts(
  services: ModelServices,
  caller: Caller,
  raw: ArtifactInput<"generateArtifacts">,
): Promise<CommandResult> {
  const input = parseInput(artifactInputs.generateArtifacts, raw);
  const { projectId, force } = input;
  const request = { command: "generateArtifacts", projectId, input };
  return start(services, caller, request, { id: projectId, asked: null, force });
}

/**
 * Has one document written anew, whatever its state, from the earlier documents as they are now.
 *
 * @throws as `generateArtifacts`; ConflictError when a document before it is not written yet
 */
export async function regenerateArtifact(
  services: ModelServices,
  caller: Caller,
  raw: ArtifactInput<"regenerateArtifact">,
): Promise<CommandResult> {
  const input = parseInput(artifactInputs.regenerateArtifact, raw);
  const { artifactId, force } = input;
  const artifact = await findArtifact(services, artifactId, caller);
  const attempt = { subject: "ARTIFACT", subjectId: artifactId } as const;
  const request = { command: "regenerateArtifact", projectId: artifact.projectId, input, attempt };
  return start(services, caller, request, { id: artifactId, asked: [artifact.type], force });
}

export interface ArtifactPlace {
  readonly projectId: string;
  readonly type: ArtifactType;
}

/** A document's project and type. @throws NotFoundError when there is none or it is someone else's */
export async function findArtifact({ prisma }: Services, id: string, asker: Asker): Promise<ArtifactPlace> {
  const artifact = await prisma.artifact.findUnique({
    where: { id, project: projectsSeenBy(asker) },
    select: { projectId: true, type: true },
  });
  if (!artifact) throw new NotFoundError("There is no such document.");
  return { projectId: artifact.projectId, type: artifact.type as ArtifactType };
}

interface Wanted {
  /** What the command's result names. */
  readonly id: string;
  readonly asked: readonly ArtifactType[] | null;
  readonly force: boolean;
}

async function start(
  services: ModelServices,
  caller: Caller,
  request: ProjectRequest,
  { id, asked, force }: Wanted,
): Promise<CommandResult> {
  await services.jobs.ready();
  const result = await runProjectCommand(services, caller, request, async (project) => {
    const rows = await project.tx.artifact.findMany({ where: { projectId: request.projectId } });
    const plan = planGeneration(rows.map(toExisting), asked, force);
    if (plan.verdict !== "WRITE") return refusalOf(plan, id);
    const budget = await readBudget(project.tx, project.row.ownerId, project.now);
    checkBudget(budget, 1);
    return begin(services, caller, project, id, plan.types);
  });
  services.jobs.committed();
  return result;
}

function refusalOf(plan: Exclude<GenerationPlan, { verdict: "WRITE" }>, subjectId: string): Refused {
  const about = { subject: "ARTIFACT", subjectId } as const;
  switch (plan.verdict) {
    case "RUNNING": {
      const message = `Documents are being written: ${plan.types.join(", ")}. Wait until they are done.`;
      return refusedByConflict(new ConflictError(message, "GENERATING"), about);
    }
    case "COMPLETE": {
      const message = "All documents are written. With force they are written anew.";
      return refusedByConflict(new ConflictError(message, "COMPLETED"), about);
    }
    case "UPSTREAM_MISSING": {
      const message = `It is written from documents that are not there yet: ${plan.missing.join(", ")}. Have those written first.`;
      return refusedByConflict(new ConflictError(message, "UPSTREAM_MISSING"), about);
    }
    case "EDITED":
      return refusedByDocument(new EditsWouldBeLostError(plan.sections), about);
    default:
      return assertNever(plan);
  }
}

async function begin(
  { ids, jobs }: ModelServices,
  { correlationId }: Caller,
  { tx, row, now }: LockedProject,
  id: string,
  types: readonly ArtifactType[],
): Promise<Accepted> {
  const generationId = ids.next();
  await tx.artifactGeneration.create({
    data: {
      id: generationId,
      projectId: row.id,
      types: [...types],
      correlationId,
      startedAt: now,
      activeAt: now,
    },
  });
  await tx.artifact.createMany({
    data: types.map((type) => ({
      id: ids.next(),
      projectId: row.id,
      type,
      createdAt: now,
      updatedAt: now,
    })),
    skipDuplicates: true,
  });
  const { count } = await tx.artifact.updateMany({
    where: { projectId: row.id, type: { in: [...types] }, generationStatus: { not: "GENERATING" } },
    data: {
      generationStatus: "GENERATING",
      generationId,
      failureReason: null,
      failureMessage: null,
      updatedAt: now,
    },
  });
  if (count !== types.length)
    throw new Error(`The documents of ${row.id} changed under their project's lock`);
  await jobs.generateArtifacts(tx, { generationId });
  const started = {
    subject: "ARTIFACT",
    subjectId: generationId,
    type: "generation_started",
    toState: "RUNNING",
    detail: { types: [...types] },
  } as const;
  return { id, events: [started] };
}
