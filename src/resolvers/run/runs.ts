import type { JsonObject } from "../../domain/event/event.ts";
import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { BreakerPolicyEnum } from "../../schema/escalation/enums.ts";
import { decodeId } from "../../schema/ids.ts";
import { RunStatusEnum } from "../../schema/run/enums.ts";
import { createRun } from "../../services/run/create-run.ts";
import { recordRunEvent } from "../../services/run/record-run-event.ts";
import { transitionRun } from "../../services/run/transition-run.ts";
import { inProject, projectId, reason } from "../stage/fields.ts";
import { run, runId, withoutNulls, workstreamPlan } from "./fields.ts";

const WorkstreamInput = builder.inputType("WorkstreamInput", {
  description: "A workstream of a run that is to be created.",
  fields: workstreamPlan,
});

const RunEscalationsInput = builder.inputType("RunEscalationsInput", {
  description: "How long the questions of a run's breaker may wait.",
  fields: (t) => ({
    answerWithinSeconds: t.int({
      description: "In seconds, 60 to 7,776,000 (90 days); for ever unless told.",
    }),
    onExpiry: t.field({
      type: BreakerPolicyEnum,
      description: "What happens then; WAIT unless told. Others need answerWithinSeconds.",
    }),
  }),
});

commandField("createRun", {
  description:
    "Creates a run with its whole graph of workstreams in one call: up to 1,000 workstreams in a body of 256 KB; add more with createWorkstream. Those that depend on nothing are READY at once. A cycle, a key that is given twice and a dependency on what is not there are refused.",
  input: (t) => ({
    projectId: projectId(t),
    title: t.string({ required: true, description: "Its name for people, 1 to 255 characters." }),
    workstreams: t.field({
      type: [WorkstreamInput],
      description:
        "The workstreams, each with what it depends on: up to 1,000 with 10,000 dependencies together, as far as a body of 256 KB goes; add more with createWorkstream.",
    }),
    metadata: t.field({ type: "JSON", description: "A JSON object of the client's, up to 16 KB." }),
    escalations: t.field({
      type: RunEscalationsInput,
      description: "How long the questions of its breaker may wait; for ever unless told.",
    }),
  }),
  success: (t) => ({ run: run(t) }),
  run: (input, caller, { services }) =>
    createRun(services, caller, {
      ...inProject(input),
      escalations: input.escalations && withoutNulls(input.escalations),
      metadata: input.metadata as JsonObject,
      workstreams: input.workstreams?.map((plan) => {
        const given = withoutNulls(plan);
        return { ...given, metadata: given.metadata as JsonObject };
      }),
    }),
});

commandField("transitionRun", {
  description:
    "Starts a run before its first claim does, or abandons it with everything in it that has not ended. It is completed, failed or partial by itself.",
  input: (t) => ({
    runId: runId(t),
    to: t.field({ type: RunStatusEnum, required: true, description: "RUNNING or ABANDONED." }),
    reason: reason(t),
  }),
  success: (t) => ({ run: run(t) }),
  run: (input, caller, { services }) =>
    transitionRun(services, caller, { ...input, runId: decodeId("run", input.runId, "runId") }),
});

commandField("recordRunEvent", {
  description:
    "Puts something of an agent's own on record: about the run, also after its end, or about the workstream that it holds.",
  actor: "AGENT",
  input: (t) => ({
    runId: runId(t),
    workstreamId: t.id({
      description: "A workstream of the run that the agent holds; needs its leaseToken.",
    }),
    leaseToken: t.id({ description: "The token of the workstream's lease; a lost one is a ConflictError." }),
    type: t.string({
      required: true,
      description:
        "What kind of thing it is, in the agent's words: 1 to 100 letters, digits and . _ / : -, a letter or a digit first.",
    }),
    payload: t.field({ type: "JSON", description: "A JSON object, up to 16 KB." }),
  }),
  success: (t) => ({ run: run(t) }),
  run: ({ workstreamId, leaseToken, ...input }, caller, { services }) =>
    recordRunEvent(services, caller, {
      ...input,
      runId: decodeId("run", input.runId, "runId"),
      payload: input.payload as JsonObject,
      ...(workstreamId !== undefined && {
        workstreamId: decodeId("workstream", workstreamId, "workstreamId"),
      }),
      ...(leaseToken !== undefined && { leaseToken: decodeId("lease", leaseToken, "leaseToken") }),
    }),
});
