import { BREAKER_THRESHOLD } from "../../domain/escalation/breaker.ts";
import { DEFAULT_OPTIONS } from "../../domain/escalation/option.ts";
import { builder, type SchemaTypes } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { ExpiryPolicyEnum } from "../../schema/escalation/enums.ts";
import { EscalationType } from "../../schema/escalation/escalation.ts";
import { decodeId } from "../../schema/ids.ts";
import type { CommandResult } from "../../services/command/command.ts";
import { raiseEscalation } from "../../services/escalation/raise-escalation.ts";
import { resolveEscalation, skipEscalation } from "../../services/escalation/resolve-escalation.ts";
import { held, heldWorkstream, withoutNulls } from "../run/fields.ts";
import { reason } from "../stage/fields.ts";

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

const escalation = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, CommandResult>) =>
  t.prismaField({
    type: EscalationType,
    description: "The escalation, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.agentEscalation.findUniqueOrThrow({ ...query, where: { id } }),
  });

const EscalationOptionInput = builder.inputType("EscalationOptionInput", {
  description: "An answer that an agent offers.",
  fields: (t) => ({
    value: t.string({
      required: true,
      description:
        "What the decision will be: 1 to 100 letters, digits and . _ / : -. retry, skip, provide_guidance and abort mean what they always mean; any other lets the work go on with that decision.",
    }),
    label: t.string({ required: true, description: "In a few words, for a button: 1 to 100 characters." }),
    description: t.string({ description: "What choosing it does, up to 1,000 characters." }),
  }),
});

commandField("raiseEscalation", {
  description:
    "Lets the agent that holds a workstream ask a person, without a failure. Its lease ends and the workstream is BLOCKED until the answer; the rest of the run goes on. The answer comes with the next claim.",
  actor: "AGENT",
  input: (t) => ({
    ...heldWorkstream(t),
    problem: t.string({
      required: true,
      description: "The question in plain words, 1 to 10,000 characters.",
    }),
    recommendedAction: t.string({ description: "What the agent would do, 1 to 2,000 characters." }),
    errorType: t.string({
      description:
        "What kind of question it is: 1 to 100 letters, digits and . _ / : -; agent_question unless told.",
    }),
    attempts: t.stringList({ description: "What was tried, at most 20 of up to 1,000 characters." }),
    options: t.field({
      type: [EscalationOptionInput],
      description: `The answers to choose from, 1 to 10; ${DEFAULT_OPTIONS.map(({ value }) => value).join(", ")} unless told.`,
    }),
    dueAt: t.field({
      type: "DateTime",
      description: "Until when it should be answered; for ever unless told.",
    }),
    onExpiry: t.field({
      type: ExpiryPolicyEnum,
      description: "What happens when it is not answered by then; WAIT unless told. Others need a dueAt.",
    }),
    defaultOption: t.string({
      description: "The option that DEFAULT_OPTION chooses: one that is offered and needs no guidance.",
    }),
  }),
  success: (t) => ({ escalation: escalation(t) }),
  run: (input, caller, { services }) =>
    raiseEscalation(services, caller, { ...held(input), options: input.options?.map(withoutNulls) }),
});

commandField("resolveEscalation", {
  description: `Answers an escalation with one of its options, once: a second answer is a ConflictError that holds the first one. retry, provide_guidance and an agent's own options make the workstream that asked READY, and the answer comes with its next claim; after a failure the run hands out only that one until the step that had failed succeeds, then those that met the same failure follow; a failure of the same kind asks anew at once instead of after ${BREAKER_THRESHOLD}. skip abandons the workstream that asked, blocks what depends on it, and the next of the others tries. abort abandons the run.`,
  input: (t) => ({
    escalationId: t.id({ required: true, description: "The escalation's id." }),
    decision: t.string({ required: true, description: "The value of one of its options." }),
    guidance: t.string({
      description:
        "What the agent should know or do, up to 10,000 characters. Needed when the decision is provide_guidance.",
    }),
  }),
  success: (t) => ({ escalation: escalation(t) }),
  run: (input, caller, { services }) => resolveEscalation(services, caller, decoded(input)),
});

commandField("skipEscalation", {
  description:
    "Puts an escalation aside, once, whatever options it has: the workstream that asked is abandoned and what depends on it is blocked. Where others met the same failure, the next of them tries.",
  input: (t) => ({
    escalationId: t.id({ required: true, description: "The escalation's id." }),
    reason: reason(t),
  }),
  success: (t) => ({ escalation: escalation(t) }),
  run: (input, caller, { services }) => skipEscalation(services, caller, decoded(input)),
});

function decoded<Input extends { escalationId: string }>(input: Input): Input {
  return { ...input, escalationId: decodeId("escalation", input.escalationId, "escalationId") };
}
