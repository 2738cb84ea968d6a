import { ValidationError } from "../../domain/errors.ts";
import { type EscalationInput, escalationInputs } from "../../domain/escalation/inputs.ts";
import { escalationSignature } from "../../domain/escalation/signature.ts";
import { parseInput } from "../../domain/parse.ts";
import { normalizeMessage, signatureOf } from "../../domain/run/signature.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { placeOfWorkstream } from "../run/place.ts";
import { runWorkstreamCommand } from "../run/run-command.ts";
import type { Services } from "../services.ts";
import { openEscalation } from "./open-escalation.ts";

/**
 * Lets an agent ask a person without a failure: its workstream stops until the answer, and nothing else does.
 *
 * @returns the escalation's id
 * @throws ValidationError, also for a deadline that has passed; NotFoundError, GuardRejectedError (ARCHIVED),
 *   ConflictError when the lease is lost
 */
export async function raiseEscalation(
  services: Services,
  caller: Caller,
  raw: EscalationInput<"raiseEscalation">,
): Promise<CommandResult> {
  const input = parseInput(escalationInputs.raiseEscalation, raw);
  const { workstreamId, leaseToken, problem, errorType, dueAt = null, defaultOption = null } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const request = { command: "raiseEscalation", ...place, workstreamId, leaseToken, input };
  return runWorkstreamCommand(services, caller, request, async (locked) => {
    if (dueAt && dueAt <= locked.now) {
      throw new ValidationError([{ path: "dueAt", message: "must lie in the future" }]);
    }
    // The question is this workstream's alone: two that ask the same are two questions.
    const hash = signatureOf(`${workstreamId} ${normalizeMessage(problem)}`);
    return openEscalation(services, locked, {
      origin: "AGENT",
      step: null,
      errorType,
      errorSignature: escalationSignature(place.projectId, errorType, hash),
      problem,
      attempts: input.attempts,
      recommendedAction: input.recommendedAction,
      options: input.options,
      dueAt,
      onExpiry: input.onExpiry,
      defaultOption,
    });
  });
}
