import { suggestFocus } from "../../domain/stage/focus.ts";
import { listMilestones, type Milestone, type Milestones } from "../../domain/stage/milestone.ts";
import { computeStageProgress } from "../../domain/stage/progress.ts";
import type { Risk } from "../../domain/stage/risk.ts";
import { stageOf, toStageNumber } from "../../domain/stage/stage.ts";
import { builder } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { COMPUTED, LONG_TEXT, MILESTONES, RISKS } from "../weights.ts";
import { StageEnum } from "./enums.ts";
import { FocusType, RiskType } from "./risk.ts";

export const MilestoneType = builder.objectRef<{ key: string } & Milestone>("Milestone").implement({
  description: "Something to reach in a stage. What it adds to the progress is its weight.",
  fields: (t) => ({
    key: t.exposeString("key", { description: "Its key, unique in the stage." }),
    title: t.exposeString("title", { description: "Its name for people." }),
    weight: t.exposeInt("weight", { description: "0 to 1000, relative to the other milestones." }),
    completed: t.exposeBoolean("completed", { description: "Whether it is reached." }),
    completedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was reached; null while it is open.",
      resolve: ({ completedAt }) => (completedAt === null ? null : new Date(completedAt)),
    }),
    template: t.exposeBoolean("template", {
      description: "Whether it came with the stage's template; such a milestone cannot be removed.",
    }),
  }),
});

export const StageConfigType = builder.prismaObject("StageConfig", {
  description: "A stage as one project has set it up: its milestones, exit criteria and risks.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: stage_…", resolve: ({ id }) => encodeId("stage", id) }),
    project: t.relation("project", { description: "The project that it belongs to." }),
    stage: t.field({
      type: StageEnum,
      description: "Which stage.",
      select: { stageNumber: true },
      resolve: ({ stageNumber }) => toStageNumber(stageNumber),
    }),
    stageNumber: t.exposeInt("stageNumber", { description: "Its number, 1 to 5." }),
    title: t.string({
      description: "The stage's name for people.",
      select: { stageNumber: true },
      resolve: ({ stageNumber }) => stageOf(toStageNumber(stageNumber)).title,
    }),
    locked: t.boolean({
      description: "Whether the stage can be seen and not entered.",
      select: { stageNumber: true },
      resolve: ({ stageNumber }) => stageOf(toStageNumber(stageNumber)).locked,
    }),
    milestones: t.field({
      complexity: { field: 1, multiplier: MILESTONES },
      type: [MilestoneType],
      description: "The milestones in their order.",
      select: { milestones: true },
      resolve: ({ milestones }) => listMilestones(milestones as Milestones),
    }),
    progressPercent: t.int({
      description: "floor(100 × completed weight / total weight); 0 when there is nothing to weigh.",
      select: { milestones: true },
      resolve: ({ milestones }) => computeStageProgress(milestones as Milestones),
    }),
    exitCriteria: t.stringList({
      complexity: LONG_TEXT,
      description: "What should be true before the stage's gate is decided, in the founder's words.",
      select: { exitCriteria: true },
      resolve: ({ exitCriteria }) => exitCriteria as string[],
    }),
    risks: t.field({
      complexity: { field: 1, multiplier: RISKS },
      type: [RiskType],
      args: {
        includeDismissed: t.arg.boolean({
          defaultValue: false,
          description: "Whether to list the dismissed ones too.",
        }),
      },
      description: "The risks that were raised, oldest first.",
      select: { blockingRisks: true },
      resolve: ({ blockingRisks }, { includeDismissed }) =>
        (blockingRisks as Risk[]).filter((risk) => includeDismissed || !risk.dismissed),
    }),
    suggestedFocus: t.field({
      complexity: COMPUTED,
      type: FocusType,
      nullable: true,
      description: "What to look at next in this stage; null when nothing is left.",
      select: { projectId: true, stageNumber: true },
      resolve: async ({ projectId, stageNumber }, _args, { loaders }) => {
        const journey = await loaders.journeys.load(projectId);
        return journey && suggestFocus(journey, toStageNumber(stageNumber), []);
      },
    }),
    version: t.exposeInt("version", {
      description: "Counts the changes; hand it back as `expectedVersion` to edit only what you have read.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When it last changed." }),
  }),
});
