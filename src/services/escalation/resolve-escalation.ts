import { ConflictError, ValidationError } from "../../domain/errors.ts";
import { type EscalationInput, escalationInputs } from "../../domain/escalation/inputs.ts";
import { type EscalationOption, needsGuidance } from "../../domain/escalation/option.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { AgentEscalation, Run } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict, refusedByRule } from "../command/locked.ts";
import { runRunCommand } from "../run/run-command.ts";
import type { Services } from "../services.ts";
import { aboutEscalation } from "./about.ts";
import { answerEscalation } from "./answer-escalation.ts";
import { placeOfEscalation } from "./place.ts";

/**
 * Answers an escalation with one of its options, once. The answer moves what it has stopped in the same transaction.
 *
 * @throws ValidationError, also for an option that is not offered; NotFoundError, GuardRejectedError (RUN_ENDED,
 *   ARCHIVED), ConflictError with the first answer when there is one already
 */
export async function resolveEscalation(
  services: Services,
  caller: Caller,
  raw: EscalationInput<"resolveEscalation">,
): Promise<CommandResult> {
  const input = parseInput(escalationInputs.resolveEscalation, raw);
  const { escalationId, decision } = input;
  const guidance = input.guidance || null;
  const place = await placeOfEscalation(services, caller, escalationId);
  const request = { command: "resolveEscalation", ...place, input, to: "RESOLVED" };
  return runRunCommand(services, caller, request, async (locked) => {
    const escalation = await locked.tx.agentEscalation.findUniqueOrThrow({ where: { id: escalationId } });
    const closed = refusedWhenClosed(escalation, locked.run, "RESOLVED");
    if (closed) return closed;
    mustBeOffered(escalation, decision);
    if (needsGuidance(decision) && guidance === null) {
      throw new ValidationError([
        { path: "guidance", message: `must not be empty when the decision is "${decision}"` },
      ]);
    }
    const answer = { decision, guidance, ...by(caller) };
    return { id: escalationId, events: await answerEscalation(locked, escalation, answer) };
  });
}

/**
 * Puts an escalation aside, once, whatever options it has: the workstream that asked is abandoned, and what depends on
 * it is blocked.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (RUN_ENDED, ARCHIVED), ConflictError with the first
 *   answer when there is one already
 */
export async function skipEscalation(
  services: Services,
  caller: Caller,
  raw: EscalationInput<"skipEscalation">,
): Promise<CommandResult> {
  const input = parseInput(escalationInputs.skipEscalation, raw);
  const { escalationId, reason = null } = input;
  const place = await placeOfEscalation(services, caller, escalationId);
  const request = { command: "skipEscalation", ...place, input, to: "SKIPPED" };
  return runRunCommand(services, caller, request, async (locked) => {
    const escalation = await locked.tx.agentEscalation.findUniqueOrThrow({ where: { id: escalationId } });
    const closed = refusedWhenClosed(escalation, locked.run, "SKIPPED");
    if (closed) return closed;
    const answer = { decision: null, guidance: null, reason, ...by(caller) };
    return { id: escalationId, events: await answerEscalation(locked, escalation, answer) };
  });
}

function by({ actor, userId }: Caller) {
  return { actor, userId, resolution: "ANSWER" } as const;
}

/** The refusal of a second answer: by the rule where the run's end closed it, otherwise with what was decided. */
function refusedWhenClosed(escalation: AgentEscalation, run: Run, to: string): Refused | null {
  const { status, resolution, founderDecision: decision, resolvedBy: userId, resolvedAt } = escalation;
  if (status === "PENDING" || !resolvedAt) return null;
  const about = aboutEscalation(escalation);
  if (resolution === "RUN_ENDED") {
    return refusedByRule({ ...blockerOf("RUN_ENDED"), from: run.status, to, allowed: [] }, about);
  }
  const at = resolvedAt.toISOString();
  const what = decision === null ? "skipped" : `answered with "${decision}"`;
  const who = resolution === "ANSWER" ? "a person" : "the system";
  const message = `The escalation was ${what} by ${who} at ${at}.`;
  return refusedByConflict(new ConflictError(message, status, null, { decision, userId, at }), {
    ...about,
    to,
  });
}

/** @throws ValidationError that names the options */
function mustBeOffered({ options }: AgentEscalation, decision: string): void {
  const values = (options as unknown as EscalationOption[]).map(({ value }) => value);
  if (values.includes(decision)) return;
  throw new ValidationError([{ path: "decision", message: `must be one of ${values.join(", ")}` }]);
}
