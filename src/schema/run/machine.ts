import {
  type Machine,
  type Move,
  machineDiagram,
  type RunTrigger,
  type WorkstreamTrigger,
} from "../../domain/run/machine.ts";
import type { RunStatus, State, WorkstreamStatus } from "../../domain/run/state.ts";
import { builder } from "../builder.ts";
import { RunStatusEnum, RunTriggerEnum, WorkstreamStatusEnum, WorkstreamTriggerEnum } from "./enums.ts";

const RunMachineState = builder.objectRef<State<RunStatus>>("RunMachineState").implement({
  description: "A state of the run machine.",
  fields: (t) => ({
    status: t.field({ type: RunStatusEnum, description: "The state.", resolve: ({ name }) => name }),
    title: t.exposeString("title", { description: "Its name for people." }),
    meaning: t.exposeString("meaning", { description: "What it means to be in it." }),
    terminal: t.exposeBoolean("terminal", { description: "Whether it is never left." }),
  }),
});

const RunTransition = builder.objectRef<Move<RunStatus, RunTrigger>>("RunTransition").implement({
  description: "A move of the run machine. A move that is not listed does not exist.",
  fields: (t) => ({
    from: t.field({ type: RunStatusEnum, description: "From this state.", resolve: ({ from }) => from }),
    to: t.field({ type: RunStatusEnum, description: "To this state.", resolve: ({ to }) => to }),
    trigger: t.field({
      type: RunTriggerEnum,
      description: "What makes it.",
      resolve: ({ trigger }) => trigger,
    }),
  }),
});

export const RunMachineType = builder.objectRef<Machine<RunStatus, RunTrigger>>("RunMachine").implement({
  description: "The run machine: the table that the guard, the docs and the diagram are made from.",
  fields: (t) => ({
    states: t.field({
      type: [RunMachineState],
      description: "The states, in the order of a run's life.",
      resolve: ({ states }) => [...states],
    }),
    transitions: t.field({
      type: [RunTransition],
      description: "Every move that exists.",
      resolve: ({ transitions }) => [...transitions],
    }),
    mermaid: t.string({ description: "The machine as a Mermaid state diagram.", resolve: machineDiagram }),
  }),
});

const WorkstreamMachineState = builder
  .objectRef<State<WorkstreamStatus>>("WorkstreamMachineState")
  .implement({
    description: "A state of the workstream machine.",
    fields: (t) => ({
      status: t.field({ type: WorkstreamStatusEnum, description: "The state.", resolve: ({ name }) => name }),
      title: t.exposeString("title", { description: "Its name for people." }),
      meaning: t.exposeString("meaning", { description: "What it means to be in it." }),
      terminal: t.exposeBoolean("terminal", { description: "Whether it is never left." }),
    }),
  });

const WorkstreamTransition = builder
  .objectRef<Move<WorkstreamStatus, WorkstreamTrigger>>("WorkstreamTransition")
  .implement({
    description: "A move of the workstream machine. A move that is not listed does not exist.",
    fields: (t) => ({
      from: t.field({
        type: WorkstreamStatusEnum,
        description: "From this state.",
        resolve: ({ from }) => from,
      }),
      to: t.field({ type: WorkstreamStatusEnum, description: "To this state.", resolve: ({ to }) => to }),
      trigger: t.field({
        type: WorkstreamTriggerEnum,
        description: "What makes it.",
        resolve: ({ trigger }) => trigger,
      }),
    }),
  });

export const WorkstreamMachineType = builder
  .objectRef<Machine<WorkstreamStatus, WorkstreamTrigger>>("WorkstreamMachine")
  .implement({
    description: "The workstream machine: the table that the guard, the docs and the diagram are made from.",
    fields: (t) => ({
      states: t.field({
        type: [WorkstreamMachineState],
        description: "The states, in the order of a workstream's life.",
        resolve: ({ states }) => [...states],
      }),
      transitions: t.field({
        type: [WorkstreamTransition],
        description: "Every move that exists.",
        resolve: ({ transitions }) => [...transitions],
      }),
      mermaid: t.string({ description: "The machine as a Mermaid state diagram.", resolve: machineDiagram }),
    }),
  });
