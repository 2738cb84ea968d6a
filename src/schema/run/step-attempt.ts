import type { StepStatus } from "../../domain/run/inputs.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { STEP_RESULT } from "../weights.ts";
import { StepStatusEnum } from "./enums.ts";

export const StepAttemptType = builder.prismaObject("StepAttempt", {
  description: "One try at one step of a workstream. A step is tried by one agent at a time.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: attempt_…", resolve: ({ id }) => encodeId("attempt", id) }),
    workstream: t.relation("workstream", { description: "The workstream that it is part of." }),
    step: t.exposeString("stepName", { description: "Which step." }),
    number: t.exposeInt("number", { description: "1, 2, 3 … for each step of a workstream." }),
    leaseAttempt: t.exposeInt("leaseAttempt", {
      description: "The workstream's attempt under whose lease it was made.",
    }),
    status: t.field({
      type: StepStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as StepStatus,
    }),
    startedAt: t.expose("startedAt", { type: "DateTime", description: "When it began." }),
    completedAt: t.expose("completedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was completed; null while it is in progress.",
    }),
    result: t.expose("result", {
      complexity: STEP_RESULT,
      type: "JSON",
      nullable: true,
      description: "What came out, as the agent told it; the cause, when its lease ended first.",
    }),
  }),
});

export const attemptPages = pagesOf("StepAttempt", StepAttemptType);
