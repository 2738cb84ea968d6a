import { listMilestones, type Milestones } from "../../domain/stage/milestone.ts";
import type { Risk } from "../../domain/stage/risk.ts";
import type { SchemaTypes } from "../../schema/builder.ts";
import { decodeId } from "../../schema/ids.ts";
import { StageEnum } from "../../schema/stage/enums.ts";
import { GateType } from "../../schema/stage/gate.ts";
import { ProjectType } from "../../schema/stage/project.ts";
import { RiskType } from "../../schema/stage/risk.ts";
import { MilestoneType, StageConfigType } from "../../schema/stage/stage-config.ts";
import type { CommandResult } from "../../services/command/command.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
export type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;
export type ResultBuilder = PothosSchemaTypes.ObjectFieldBuilder<Types, CommandResult>;

/** The input with its project's id decoded. */
export function inProject<Input extends { projectId: string }>(input: Input): Input {
  return { ...input, projectId: decodeId("project", input.projectId, "projectId") };
}

/** The project that a command is about. */
export const projectId = (t: InputBuilder) => t.id({ required: true, description: "The project's id." });

export const reason = (t: InputBuilder) =>
  t.string({ description: "Why, for the record; up to 2,000 characters." });

/** A stage of a project, for editing its configuration. */
export const stageOfProject = (t: InputBuilder) => ({
  projectId: projectId(t),
  stage: t.field({ type: StageEnum, required: true, description: "Which of its stages, 1 to 4." }),
  expectedVersion: t.int({
    description: "The stage configuration's version that you have read; a stale one is a ConflictError.",
  }),
});

export const milestoneOfStage = (t: InputBuilder) => ({
  ...stageOfProject(t),
  key: t.string({
    required: true,
    description: "The milestone's key: up to 50 lower-case letters, digits and underscores, a letter first.",
  }),
});

/** `project`, read again after the command. */
export const project = (t: ResultBuilder) =>
  t.prismaField({
    type: ProjectType,
    description: "The project, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.project.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const gate = (t: ResultBuilder) =>
  t.prismaField({
    type: GateType,
    description: "The gate, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.decisionGate.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const stageConfig = (t: ResultBuilder) =>
  t.prismaField({
    type: StageConfigType,
    description: "The stage's configuration, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.stageConfig.findUniqueOrThrow({ ...query, where: { id } }),
  });

export const milestone = (t: ResultBuilder) =>
  t.field({
    type: MilestoneType,
    nullable: true,
    description: "The milestone, as it is now; null when it has been removed since.",
    resolve: async ({ id, part }, _args, { loaders }) => {
      const config = await loaders.stageConfigs.load(id);
      const milestones = listMilestones((config?.milestones ?? {}) as Milestones);
      return milestones.find(({ key }) => key === part) ?? null;
    },
  });

export const risk = (t: ResultBuilder) =>
  t.field({
    type: RiskType,
    nullable: true,
    description: "The risk, as it is now.",
    resolve: async ({ id, part }, _args, { loaders }) => {
      const config = await loaders.stageConfigs.load(id);
      return ((config?.blockingRisks ?? []) as Risk[]).find((candidate) => candidate.id === part) ?? null;
    },
  });
