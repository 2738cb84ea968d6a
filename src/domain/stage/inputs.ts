import { z } from "zod";
import { jsonObject, keyText, optionalText, requiredText } from "../text.ts";
import { MAX_WEIGHT, MILESTONE_KEY } from "./milestone.ts";
import { RISK_TYPE } from "./risk.ts";
import { SYSTEM_RISK_KINDS } from "./system-risk.ts";
import { DECISIONS } from "./transition.ts";

const id = z.uuid();
const expectedVersion = z.number().int().optional();
const stage = z.number().int().min(0).max(5);
const configuredStage = z.number().int().min(1, "the pre-stage has no configuration").max(5);
const name = requiredText(255);
const description = optionalText(10_000);
const reason = optionalText(2_000).optional();
const milestoneKey = keyText(MILESTONE_KEY);

/** What every command on a project is given, and the rules for it. */
export const projectInputs = {
  createProject: z.object({ name, description: description.default("") }),
  updateProject: z
    .object({
      projectId: id,
      name: name.optional(),
      description: description.optional(),
      expectedVersion,
    })
    .refine((input) => input.name !== undefined || input.description !== undefined, {
      message: "must change the name, the description or both",
    }),
  archiveProject: z.object({ projectId: id, reason }),
  parkProject: z.object({ projectId: id, reason }),
  unparkProject: z.object({ projectId: id, reason }),
  transitionStage: z.object({ projectId: id, to: stage, reason }),
  openGate: z.object({
    projectId: id,
    gateType: keyText(MILESTONE_KEY).default("stage_advance"),
    context: jsonObject.default({}),
  }),
  decideGate: z.object({
    gateId: id,
    decision: z.enum(DECISIONS),
    reason,
    discussionId: id.optional(),
  }),
  completeMilestone: z.object({ projectId: id, stage: configuredStage, key: milestoneKey, expectedVersion }),
  reopenMilestone: z.object({ projectId: id, stage: configuredStage, key: milestoneKey, expectedVersion }),
  setMilestone: z.object({
    projectId: id,
    stage: configuredStage,
    key: milestoneKey,
    title: requiredText(200).optional(),
    weight: z
      .number()
      .int()
      .min(0, "must not be negative")
      .max(MAX_WEIGHT, `must not be more than ${MAX_WEIGHT}`),
    expectedVersion,
  }),
  removeMilestone: z.object({ projectId: id, stage: configuredStage, key: milestoneKey, expectedVersion }),
  setExitCriteria: z.object({
    projectId: id,
    stage: configuredStage,
    criteria: z.array(requiredText(500)).max(20, "must not be more than 20"),
    expectedVersion,
  }),
  raiseRisk: z.object({
    projectId: id,
    stage: configuredStage,
    type: keyText(RISK_TYPE),
    message: requiredText(1_000),
    blocking: z.boolean().default(true),
    expectedVersion,
  }),
  dismissRisk: z.object({
    projectId: id,
    risk: z.union([z.object({ riskId: id }), z.object({ systemRisk: z.enum(SYSTEM_RISK_KINDS) })]),
    reason,
  }),
} as const;

export type ProjectCommand = keyof typeof projectInputs;
/** What a caller hands in, before it is checked. */
export type ProjectInput<Name extends ProjectCommand> = z.input<(typeof projectInputs)[Name]>;
