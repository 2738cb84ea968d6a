import type { Failed, ModelFailure } from "../../domain/discussion/states.ts";
import { MODEL_FAILURES } from "../../domain/discussion/states.ts";
import { QuotaExceededError } from "../../domain/errors.ts";
import { CallFailedError } from "../../llm/runner.ts";
import { unlessAborted } from "../artifact/run-generation.ts";
import type { ModelServices } from "../services.ts";

/**
 * Asks a model something, for as long as a document may take: what is no fault of ours comes back as a failure.
 *
 * @throws the signal's reason, and whatever is no fault of the model, for the job to be tried again
 */
export async function askModel<T>(
  { documentTimeoutMs, runner }: ModelServices,
  model: string,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T } | Failed> {
  // The configuration may have changed since the discussion began.
  if (!runner.models.includes(model)) return failed("UNAVAILABLE", `There is no model "${model}" any more.`);
  const timeout = AbortSignal.timeout(documentTimeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  try {
    return { answer: await unlessAborted(ask(stop), stop) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      const seconds = Math.round(documentTimeoutMs / 1_000);
      return failed("TIMEOUT", `It did not answer within ${seconds} seconds.`);
    }
    if (error instanceof QuotaExceededError) return failed("QUOTA_EXCEEDED", error.message);
    if (error instanceof CallFailedError) return failed(error.failure, error.message);
    throw error;
  }
}

/** A failure, with its usual words unless there are better ones. */
export function failed(failure: ModelFailure, message: string = MODEL_FAILURES[failure]): Failed {
  return { failure, message };
}
