import { documentOf } from "../../domain/artifact/documents.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import type { GateStatus, Journey } from "../../domain/stage/journey.ts";
import { milestonesSchema } from "../../domain/stage/milestone.ts";
import { risksSchema } from "../../domain/stage/risk.ts";
import { type ProjectStatus, toStageNumber } from "../../domain/stage/stage.ts";
import type { Decision } from "../../domain/stage/transition.ts";
import type {
  AgentEscalation,
  Artifact,
  DecisionGate,
  Prisma,
  Project,
  StageConfig,
} from "../../generated/prisma/client.ts";

const PENDING: GateStatus = "PENDING";
const PROCEED: Decision = "PROCEED";

/** The relations that the rules look at: every stage, the gates that wait, the decisions in force, what is asked, and what failed. */
export const JOURNEY_RELATIONS = {
  stageConfigs: true,
  gates: { where: { supersededAt: null, OR: [{ status: PENDING }, { decision: PROCEED }] } },
  escalations: {
    where: { status: "PENDING" },
    orderBy: { id: "asc" },
    take: 1,
    select: { id: true, plainEnglishProblem: true },
  },
  artifacts: {
    where: { generationStatus: "FAILED" },
    orderBy: { id: "asc" },
    select: { id: true, type: true },
  },
} as const satisfies Prisma.ProjectInclude;

export type JourneyRow = Pick<Project, "stageNumber" | "status" | "archivedAt"> & {
  readonly stageConfigs: readonly Pick<
    StageConfig,
    "stageNumber" | "milestones" | "exitCriteria" | "blockingRisks"
  >[];
  readonly gates: readonly Pick<
    DecisionGate,
    "id" | "stageNumber" | "gateType" | "status" | "decision" | "createdAt"
  >[];
  readonly escalations: readonly Pick<AgentEscalation, "id" | "plainEnglishProblem">[];
  readonly artifacts: readonly Pick<Artifact, "id" | "type">[];
};

/** A project's rows as the domain sees them. */
export function toJourney(row: JourneyRow): Journey {
  const pending = row.gates.filter((gate) => gate.status === PENDING);
  const decided = row.gates.filter((gate) => gate.status !== PENDING);
  const [asked] = row.escalations;
  return {
    stage: toStageNumber(row.stageNumber),
    status: row.status as ProjectStatus,
    archived: row.archivedAt !== null,
    setups: Object.fromEntries(
      row.stageConfigs.map((config) => [
        config.stageNumber,
        {
          milestones: milestonesSchema.parse(config.milestones),
          exitCriteria: config.exitCriteria as string[],
          risks: risksSchema.parse(config.blockingRisks),
        },
      ]),
    ),
    pendingGates: pending.map((gate) => ({
      id: gate.id,
      stage: toStageNumber(gate.stageNumber),
      gateType: gate.gateType,
      openedAt: gate.createdAt,
    })),
    pendingEscalation: asked ? { id: asked.id, problem: asked.plainEnglishProblem } : null,
    decisions: decided.map((gate) => ({
      stage: toStageNumber(gate.stageNumber),
      decision: gate.decision as Decision,
    })),
    failedArtifacts: row.artifacts.map(({ id, type }) => ({
      id,
      title: documentOf(type as ArtifactType).title,
    })),
  };
}
