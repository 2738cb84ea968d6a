import { QuotaExceededError } from "../../domain/errors.ts";
import { CallFailedError, type CallFailure } from "../../llm/runner.ts";
import type { ModelServices } from "../services.ts";

/** Why a model gave no answer, in words for people. */
export interface NoAnswer {
  readonly failure: CallFailure | "QUOTA_EXCEEDED";
  readonly message: string;
}

/**
 * Asks a model something, for as long as a document may take: what is no fault of ours comes back as a failure.
 *
 * @param late says that the time was up
 * @throws the signal's reason, and whatever is no fault of the model, for the job to be tried again
 */
export async function callModel<T>(
  { documentTimeoutMs }: Pick<ModelServices, "documentTimeoutMs">,
  signal: AbortSignal,
  late: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T } | NoAnswer> {
  const timeout = AbortSignal.timeout(documentTimeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  try {
    return { answer: await unlessAborted(ask(stop), stop) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { failure: "TIMEOUT", message: late };
    if (error instanceof QuotaExceededError) return { failure: "QUOTA_EXCEEDED", message: error.message };
    if (error instanceof CallFailedError) return { failure: error.failure, message: error.message };
    throw error;
  }
}

/** A runner that never answers, not even to its signal, holds nobody up. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => {});
  }
}
