import { ESCALATION_STATUSES, type EscalationStatus } from "../../domain/escalation/state.ts";
import { builder } from "../builder.ts";
import { EventInterface } from "../event/event.ts";
import { RunType } from "../run/run.ts";
import { WorkstreamType } from "../run/workstream.ts";
import { EscalationStatusEnum } from "./enums.ts";
import { EscalationType } from "./escalation.ts";

builder.prismaObject("Event", {
  variant: "EscalationEvent",
  description: "A question of an agent was opened, joined, answered, or has run out of time.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  fields: (t) => ({
    escalation: t.field({
      type: EscalationType,
      nullable: true,
      description: "The escalation, as it is now.",
      resolve: ({ subjectId }, _args, { loaders }) => loaders.escalations.load(subjectId),
    }),
    run: t.field({
      type: RunType,
      description: "The run, as it is now.",
      resolve: async ({ id, runId }, _args, { loaders }) => {
        const run = runId && (await loaders.runs.load(runId));
        if (!run) throw new Error(`Event ${id} is about no run`);
        return run;
      },
    }),
    workstream: t.field({
      type: WorkstreamType,
      nullable: true,
      description: "The workstream that asked or joined, as it is now.",
      resolve: ({ workstreamId }, _args, { loaders }) =>
        workstreamId ? loaders.workstreams.load(workstreamId) : null,
    }),
    fromStatus: t.field({
      type: EscalationStatusEnum,
      nullable: true,
      description: "The status before; null unless it changed.",
      resolve: ({ fromState }) => statusNamed(fromState),
    }),
    toStatus: t.field({
      type: EscalationStatusEnum,
      nullable: true,
      description: "The status after, or the one that was refused; null when it stayed.",
      resolve: ({ toState }) => statusNamed(toState),
    }),
  }),
});

function statusNamed(name: string | null): EscalationStatus | null {
  return name !== null && Object.hasOwn(ESCALATION_STATUSES, name) ? (name as EscalationStatus) : null;
}
