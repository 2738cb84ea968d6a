import { RUN_MACHINE, WORKSTREAM_MACHINE } from "../../domain/run/machine.ts";
import { builder } from "../../schema/builder.ts";
import { RunMachineType, WorkstreamMachineType } from "../../schema/run/machine.ts";

builder.queryField("runMachine", (t) =>
  t.field({
    type: RunMachineType,
    description: "The run machine: its states, its transitions, and a diagram.",
    resolve: () => RUN_MACHINE,
  }),
);

builder.queryField("workstreamMachine", (t) =>
  t.field({
    type: WorkstreamMachineType,
    description: "The workstream machine: its states, its transitions, and a diagram.",
    resolve: () => WORKSTREAM_MACHINE,
  }),
);
