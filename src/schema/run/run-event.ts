import { builder } from "../builder.ts";
import { EventInterface } from "../event/event.ts";
import { RunType } from "./run.ts";
import { WorkstreamType } from "./workstream.ts";

builder.prismaObject("Event", {
  variant: "RunEvent",
  description: "Something happened in a run.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    run: t.field({
      type: RunType,
      description: "The run, as it is now.",
      select: { runId: true },
      resolve: async ({ id, runId }, _args, { loaders }) => {
        const run = runId && (await loaders.runs.load(runId));
        if (!run) throw new Error(`Event ${id} is about no run`);
        return run;
      },
    }),
    workstream: t.field({
      type: WorkstreamType,
      nullable: true,
      description: "The workstream, as it is now; null when the event is about the run as a whole.",
      select: { workstreamId: true },
      resolve: ({ workstreamId }, _args, { loaders }) =>
        workstreamId ? loaders.workstreams.load(workstreamId) : null,
    }),
    fromState: t.exposeString("fromState", {
      nullable: true,
      description: "The state before, of the run, the workstream or the step.",
    }),
    toState: t.exposeString("toState", {
      nullable: true,
      description: "The state after, or the one that was refused.",
    }),
  }),
});
