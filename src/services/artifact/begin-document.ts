import type { GenerationContext } from "../../domain/artifact/context.ts";
import { documentOf } from "../../domain/artifact/documents.ts";
import type { SectionSources } from "../../domain/artifact/sources.ts";
import { allSourcesNow } from "../../domain/artifact/sources.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import { openRisks, risksSchema } from "../../domain/stage/risk.ts";
import { stageOf, toStageNumber } from "../../domain/stage/stage.ts";
import type { Decision } from "../../domain/stage/transition.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import { abandonReservations } from "../account/meter.ts";
import type { Services } from "../services.ts";
import { upstreamAmong } from "./artifact.ts";
import { endGeneration } from "./end-document.ts";

/** How many decisions a document is written with, the newest. */
const MAX_DECISIONS = 50;

/** A document of a generation that is to be written next, and everything that it takes. */
export interface DocumentTask {
  readonly generationId: string;
  readonly projectId: string;
  readonly ownerId: string;
  readonly correlationId: string;
  readonly artifactId: string;
  readonly type: ArtifactType;
  /** Whoever writes it hands this in again: an earlier attempt's text is refused. */
  readonly attempt: number;
  readonly context: GenerationContext;
  /** What each section will have been made from: read together with the context. */
  readonly sources: SectionSources;
}

const GENERATION = {
  project: {
    include: {
      stageConfigs: { orderBy: { stageNumber: "asc" } },
      gates: { where: { status: "DECIDED" }, orderBy: { decidedAt: "desc" }, take: MAX_DECISIONS },
      artifacts: true,
    },
  },
} as const satisfies Prisma.ArtifactGenerationInclude;

type GenerationRow = Prisma.ArtifactGenerationGetPayload<{ include: typeof GENERATION }>;

/**
 * Takes the next document of a generation: counts the attempt, closes what an earlier attempt has reserved, and reads what
 * it is written from.
 *
 * @returns null when there is nothing left to write
 */
export async function beginDocument(services: Services, generationId: string): Promise<DocumentTask | null> {
  const { prisma, clock } = services;
  const generation = await prisma.artifactGeneration.findUnique({
    where: { id: generationId },
    include: GENERATION,
  });
  if (generation?.status !== "RUNNING") return null;
  const { project, correlationId } = generation;
  const due = project.artifacts.filter(
    (row) => row.generationId === generationId && row.generationStatus === "GENERATING",
  );
  const type = (generation.types as ArtifactType[]).find((each) => due.some((row) => row.type === each));
  const artifact = due.find((row) => row.type === type);
  if (!type || !artifact) {
    // Another run's commit fell between the statements of the reading.
    if (await isOver(services, generationId)) return null;
    throw new Error(`Generation ${generationId} runs and has no document to write`);
  }
  const task = {
    generationId,
    projectId: project.id,
    ownerId: project.ownerId,
    correlationId,
    artifactId: artifact.id,
    type,
    attempt: artifact.attempt + 1,
  };
  // Compare-and-set: of two that begin at once one finds another attempt there, and reads again.
  const { count } = await prisma.artifact.updateMany({
    where: { id: artifact.id, generationId, generationStatus: "GENERATING", attempt: artifact.attempt },
    data: { attempt: task.attempt },
  });
  if (count !== 1) return beginDocument(services, generationId);
  await prisma.artifactGeneration.updateMany({
    where: { id: generationId },
    data: { activeAt: clock.now() },
  });
  await abandonReservations(prisma, artifact.id, clock.now());
  if (project.archivedAt !== null) {
    await endGeneration(services, task, { failure: "ARCHIVED", message: "The project was archived." });
    return null;
  }
  const upstream = upstreamAmong(project.artifacts, type);
  const context = { ...aboutProject(project), documents: upstream.documents };
  return { ...task, context, sources: allSourcesNow(documentOf(type), upstream) };
}

async function isOver({ prisma }: Services, id: string): Promise<boolean> {
  const generation = await prisma.artifactGeneration.findUnique({ where: { id }, select: { status: true } });
  return generation?.status !== "RUNNING";
}

function aboutProject(project: GenerationRow["project"]): Omit<GenerationContext, "documents"> {
  const titleOf = (stageNumber: number | null) => stageOf(toStageNumber(stageNumber)).title;
  return {
    project: {
      name: project.name,
      description: project.description,
      stage: titleOf(project.stageNumber),
    },
    decisions: project.gates.toReversed().map(({ gateType, stageNumber, decision, reason }) => ({
      gateType,
      stage: titleOf(stageNumber),
      decision: decision as Decision,
      reason,
    })),
    risks: project.stageConfigs.flatMap(({ stageNumber, blockingRisks }) =>
      openRisks(risksSchema.parse(blockingRisks)).map(({ type, message }) => ({
        stage: titleOf(stageNumber),
        type,
        message,
      })),
    ),
  };
}
