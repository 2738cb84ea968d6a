import { BREAKER_THRESHOLD } from "../../domain/escalation/breaker.ts";
import type { JsonObject } from "../../domain/event/event.ts";
import type { SchemaTypes } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { AgentAdviceEnum } from "../../schema/escalation/enums.ts";
import { EscalationType } from "../../schema/escalation/escalation.ts";
import { decodeId } from "../../schema/ids.ts";
import { StepOutcomeEnum } from "../../schema/run/enums.ts";
import { RunErrorType } from "../../schema/run/run-error.ts";
import { StepAttemptType } from "../../schema/run/step-attempt.ts";
import type { CommandResult } from "../../services/command/command.ts";
import { adviceOf } from "../../services/escalation/advice.ts";
import { recordError } from "../../services/run/record-error.ts";
import { completeStep, startStep } from "../../services/run/steps.ts";
import { held, heldWorkstream, stepName } from "./fields.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

const attempt = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, CommandResult>) =>
  t.prismaField({
    type: StepAttemptType,
    description: "The attempt, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.stepAttempt.findUniqueOrThrow({ ...query, where: { id } }),
  });

commandField("startStep", {
  description:
    "Begins a step of a workstream: the next attempt at it. One attempt at a step is in progress at a time: a ConflictError names it in attemptId.",
  actor: "AGENT",
  input: (t) => ({ ...heldWorkstream(t), step: stepName(t) }),
  success: (t) => ({ attempt: attempt(t) }),
  run: (input, caller, { services }) => startStep(services, caller, held(input)),
});

commandField("completeStep", {
  description: "Completes an attempt at a step, once.",
  actor: "AGENT",
  input: (t) => ({
    attemptId: t.id({ required: true, description: "The attempt's id." }),
    leaseToken: t.id({
      required: true,
      description: "The token of the workstream's lease; a lost one is a ConflictError.",
    }),
    status: t.field({ type: StepOutcomeEnum, required: true, description: "How it ended." }),
    result: t.field({
      type: "JSON",
      description: "What came out: a JSON object of up to 192 KB.",
    }),
  }),
  success: (t) => ({ attempt: attempt(t) }),
  run: (input, caller, { services }) =>
    completeStep(services, caller, {
      ...input,
      attemptId: decodeId("attempt", input.attemptId, "attemptId"),
      leaseToken: decodeId("lease", input.leaseToken, "leaseToken"),
      result: input.result as JsonObject,
    }),
});

commandField("recordError", {
  description:
    "Records an error of a step. The same error again (its message without numbers, ids, addresses, times, durations, paths, URLs and quotations; HTTP statuses, exit codes and other error numbers count) in the same workstream and step counts up. `next` says what to do then: try again, or, once the same failure has come 3 times in the workstream, wait for a person. Then the lease has ended, the workstream is BLOCKED, the run hands out no work, and the answer comes with the next claim. Where that question is open already in the run, the first failure waits for its answer too.",
  actor: "AGENT",
  input: (t) => ({
    ...heldWorkstream(t),
    step: stepName(t),
    errorCode: t.string({
      required: true,
      description: "A short code: 1 to 100 letters, digits and . _ / : -, a letter or a digit first.",
    }),
    message: t.string({ required: true, description: "The message, 1 to 20,000 characters." }),
    context: t.field({
      type: "JSON",
      description: "What else there is to know: a JSON object of up to 192 KB.",
    }),
  }),
  success: (t) => ({
    error: t.prismaField({
      type: RunErrorType,
      description: "The error, as it is now: with how often it was seen.",
      resolve: (query, { id }, _args, { prisma }) =>
        prisma.runError.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    next: t.field({
      type: AgentAdviceEnum,
      description: "What the agent is to do now.",
      resolve: (result) => adviceOf(result).next,
    }),
    attempt: t.int({
      nullable: true,
      description: "Which attempt comes next: 2 after the first failure of its kind. Null with WAIT.",
      resolve: (result) => {
        const advice = adviceOf(result);
        return advice.next === "RETRY" ? advice.attempt : null;
      },
    }),
    maxAttempts: t.int({
      description: "How many failures of the same kind ask a person.",
      resolve: () => BREAKER_THRESHOLD,
    }),
    escalation: t.prismaField({
      type: EscalationType,
      nullable: true,
      description: "The question whose answer is to be waited for; null with RETRY.",
      // Spread in any case: Pothos takes a query that was not read for a forgotten one.
      resolve: ({ ...query }, result, _args, { prisma }) => {
        const advice = adviceOf(result);
        if (advice.next === "RETRY") return null;
        return prisma.agentEscalation.findUniqueOrThrow({ ...query, where: { id: advice.escalationId } });
      },
    }),
  }),
  run: (input, caller, { services }) =>
    recordError(services, caller, { ...held(input), context: input.context as JsonObject }),
});
