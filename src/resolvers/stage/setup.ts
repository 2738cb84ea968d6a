import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { SystemRiskKindEnum } from "../../schema/stage/enums.ts";
import { setExitCriteria } from "../../services/stage/exit-criteria.ts";
import {
  completeMilestone,
  removeMilestone,
  reopenMilestone,
  setMilestone,
} from "../../services/stage/milestones.ts";
import { dismissRisk, raiseRisk } from "../../services/stage/risks.ts";
import {
  inProject,
  milestone,
  milestoneOfStage,
  project,
  projectId,
  reason,
  risk,
  stageConfig,
  stageOfProject,
} from "./fields.ts";

commandField("completeMilestone", {
  description:
    "Completes an open milestone. `gate_proceed` follows its gate and cannot be completed by hand.",
  input: milestoneOfStage,
  success: (t) => ({ milestone: milestone(t), stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => completeMilestone(services, caller, inProject(input)),
});

commandField("reopenMilestone", {
  description:
    "Opens a completed milestone again: progress falls. `gate_proceed` cannot be reopened by hand.",
  input: milestoneOfStage,
  success: (t) => ({ milestone: milestone(t), stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => reopenMilestone(services, caller, inProject(input)),
});

commandField("setMilestone", {
  description: "Adds a milestone to a stage, or changes the title and the weight of one that is there.",
  input: (t) => ({
    ...milestoneOfStage(t),
    title: t.string({ description: "1 to 200 characters; made from the key unless told." }),
    weight: t.int({ required: true, description: "0 to 1000, relative to the stage's other milestones." }),
  }),
  success: (t) => ({ milestone: milestone(t), stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => setMilestone(services, caller, inProject(input)),
});

commandField("removeMilestone", {
  description:
    "Removes a milestone that the project added. Those of the template stay: give them the weight 0.",
  input: milestoneOfStage,
  success: (t) => ({ stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => removeMilestone(services, caller, inProject(input)),
});

commandField("setExitCriteria", {
  description: "Replaces a stage's exit criteria.",
  input: (t) => ({
    ...stageOfProject(t),
    criteria: t.stringList({ required: true, description: "At most 20, each 1 to 500 characters." }),
  }),
  success: (t) => ({ stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => setExitCriteria(services, caller, inProject(input)),
});

commandField("raiseRisk", {
  description:
    "Raises a risk on a stage. A blocking one keeps the stage from being left forward until it is dismissed. The first risk of stage 1 completes its `risks_identified` milestone.",
  input: (t) => ({
    ...stageOfProject(t),
    type: t.string({
      required: true,
      description:
        'A short key, such as "technical" or "market": up to 50 lower-case letters, digits and underscores, a letter first.',
    }),
    message: t.string({ required: true, description: "What could go wrong, 1 to 1,000 characters." }),
    blocking: t.boolean({ defaultValue: true, description: "Whether it blocks the stage." }),
  }),
  success: (t) => ({ risk: risk(t), stageConfig: stageConfig(t) }),
  run: (input, caller, { services }) => raiseRisk(services, caller, inProject(input)),
});

const RiskTarget = builder.inputType("RiskTarget", {
  isOneOf: true,
  description: "A risk: one that was raised, or one that the system sees.",
  fields: (t) => ({
    riskId: t.id({ description: "The raised risk's id." }),
    systemRisk: t.field({ type: SystemRiskKindEnum, description: "The kind of the system risk." }),
  }),
});

commandField("dismissRisk", {
  description: "Dismisses a risk. A system risk stays dismissed until it gets worse or comes anew.",
  input: (t) => ({
    projectId: projectId(t),
    risk: t.field({ type: RiskTarget, required: true, description: "Which risk." }),
    reason: reason(t),
  }),
  success: (t) => ({ project: project(t) }),
  run: ({ risk: target, ...input }, caller, { services }) =>
    dismissRisk(services, caller, {
      ...inProject(input),
      risk: target.systemRisk
        ? { systemRisk: target.systemRisk }
        : { riskId: decodeId("risk", target.riskId ?? "", "risk.riskId") },
    }),
});
