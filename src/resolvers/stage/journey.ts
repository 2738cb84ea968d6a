import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { DecisionEnum, StageEnum } from "../../schema/stage/enums.ts";
import { StageMachineType } from "../../schema/stage/machine.ts";
import { decideGate } from "../../services/stage/decide-gate.ts";
import { openGate } from "../../services/stage/open-gate.ts";
import { transitionStage } from "../../services/stage/transition-stage.ts";
import { gate, inProject, project, projectId, reason } from "./fields.ts";

builder.queryField("stageMachine", (t) =>
  t.field({
    type: StageMachineType,
    description: "The stage machine: its states, its transitions, and a diagram.",
    resolve: () => ({}),
  }),
);

commandField("openGate", {
  description: "Opens a gate of the project's current stage. Up to 20 may be pending at once.",
  input: (t) => ({
    projectId: projectId(t),
    gateType: t.string({
      description:
        'What it is about: up to 50 lower-case letters, digits and underscores, a letter first; "stage_advance" unless told.',
    }),
    context: t.field({ type: "JSON", description: "A JSON object for the decider, up to 16 KB." }),
  }),
  success: (t) => ({ gate: gate(t) }),
  run: (input, caller, { services }) =>
    openGate(services, caller, {
      ...inProject(input),
      context: input.context as Parameters<typeof openGate>[2]["context"],
    }),
});

commandField("decideGate", {
  description:
    "Decides a gate. Only a PENDING gate can be decided, once: of two at the same time one wins and the other gets a ConflictError.",
  input: (t) => ({
    gateId: t.id({ required: true, description: "The gate's id." }),
    decision: t.field({ type: DecisionEnum, required: true, description: "The decision." }),
    reason: reason(t),
    discussionId: t.id({ description: "A discussion of the project that the decision rests on." }),
  }),
  success: (t) => ({ gate: gate(t) }),
  run: ({ discussionId, ...input }, caller, { services }) =>
    decideGate(services, caller, {
      ...input,
      gateId: decodeId("gate", input.gateId, "gateId"),
      ...(discussionId !== undefined && {
        discussionId: decodeId("discussion", discussionId, "discussionId"),
      }),
    }),
});

commandField("transitionStage", {
  description:
    "Moves a project to another stage: forward, one at a time, with a PROCEED decision of its current stage in force; back at any time while it is active. Moving back expires pending gates.",
  input: (t) => ({
    projectId: projectId(t),
    to: t.field({ type: StageEnum, required: true, description: "The stage to enter." }),
    reason: reason(t),
  }),
  success: (t) => ({ project: project(t) }),
  run: (input, caller, { services }) => transitionStage(services, caller, inProject(input)),
});
