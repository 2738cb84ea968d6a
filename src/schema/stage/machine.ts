import type { Blocker } from "../../domain/guard.ts";
import { STAGE_MACHINE, type StageTransition, stageMachineDiagram } from "../../domain/stage/machine.ts";
import { STAGES, type Stage, type StageNumber } from "../../domain/stage/stage.ts";
import { builder } from "../builder.ts";
import { BlockerType } from "../guard.ts";
import { StageEnum, TransitionKindEnum } from "./enums.ts";

export interface StageOption {
  readonly to: StageNumber;
  readonly blockers: readonly Blocker[];
}

export const StageOptionType = builder.objectRef<StageOption>("StageTransitionOption").implement({
  description:
    "What `transitionStage` to one stage would come to now. The mutation refuses with the first blocker.",
  fields: (t) => ({
    to: t.field({
      type: StageEnum,
      description: "The stage that would be entered.",
      resolve: ({ to }) => to,
    }),
    allowed: t.boolean({
      description: "Whether the move is open: there is no blocker.",
      resolve: ({ blockers }) => blockers.length === 0,
    }),
    blockers: t.field({
      type: [BlockerType],
      description: "The rules that stand in the way, in the order in which they are applied.",
      resolve: ({ blockers }) => [...blockers],
    }),
  }),
});

const StageStateType = builder.objectRef<Stage>("StageMachineState").implement({
  description: "A state of the stage machine.",
  fields: (t) => ({
    stage: t.field({ type: StageEnum, description: "The stage.", resolve: (stage) => stage.number }),
    number: t.exposeInt("number", { description: "Its number, 0 to 5." }),
    title: t.exposeString("title", { description: "Its name for people." }),
    meaning: t.exposeString("meaning", { description: "What it means to be in it." }),
    locked: t.exposeBoolean("locked", { description: "Whether it can be seen and not entered." }),
  }),
});

const StageTransitionType = builder.objectRef<StageTransition>("StageTransition").implement({
  description: "A move of the stage machine. A move that is not listed does not exist.",
  fields: (t) => ({
    from: t.field({ type: StageEnum, description: "From this stage.", resolve: ({ from }) => from }),
    to: t.field({ type: StageEnum, description: "To this stage.", resolve: ({ to }) => to }),
    kind: t.field({ type: TransitionKindEnum, description: "Its direction.", resolve: ({ kind }) => kind }),
  }),
});

export const StageMachineType = builder.objectRef<object>("StageMachine").implement({
  description: "The stage machine: the table that the guards, the docs and the diagram are made from.",
  fields: (t) => ({
    states: t.field({
      type: [StageStateType],
      description: "The stages in their order.",
      resolve: () => [...STAGES],
    }),
    transitions: t.field({
      type: [StageTransitionType],
      description: "Every move that exists.",
      resolve: () => [...STAGE_MACHINE],
    }),
    mermaid: t.string({
      description: "The machine as a Mermaid state diagram.",
      resolve: () => stageMachineDiagram(),
    }),
  }),
});
