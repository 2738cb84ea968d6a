import type { Failed, ModelFailure } from "../../domain/discussion/states.ts";
import { MODEL_FAILURES } from "../../domain/discussion/states.ts";
import { plainLine } from "../../domain/plain-line.ts";
import { truncate } from "../../domain/text.ts";
import { callModel } from "../model/call-model.ts";
import type { ModelServices } from "../services.ts";

/**
 * Asks a model something, for as long as a document may take: what is no fault of ours comes back as a failure.
 *
 * @throws the signal's reason, and whatever is no fault of the model, for the job to be tried again
 */
export async function askModel<T>(
  services: ModelServices,
  model: string,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T } | Failed> {
  // The configuration may have changed since the discussion began.
  if (!services.runner.models.includes(model)) {
    return failed("UNAVAILABLE", `There is no model "${model}" any more.`);
  }
  const seconds = Math.round(services.documentTimeoutMs / 1_000);
  return callModel(services, signal, `It did not answer within ${seconds} seconds.`, ask);
}

/** So much of why a model failed is kept. */
const MAX_REASON = 1_000;

/**
 * A failure, with its usual words unless there are better ones. They may quote the model, so they are cleaned: what the
 * database does not take would lose the outcome, and the model would be asked again.
 */
export function failed(failure: ModelFailure, message: string = MODEL_FAILURES[failure]): Failed {
  return { failure, message: truncate(plainLine(message.toWellFormed()), MAX_REASON) };
}
