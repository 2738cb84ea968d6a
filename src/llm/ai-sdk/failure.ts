import { AISDKError, APICallError } from "ai";
import type { ModelConfig } from "../../config.ts";
import { CallFailedError, type CallFailure, type Usage } from "../runner.ts";
import { OversizedResponseError } from "./provider-fetch.ts";

type Named = Pick<ModelConfig, "name" | "provider">;

/** A call that failed in a way that may be over when it is made again. */
export class PassingFailure extends CallFailedError {
  /** How long the provider asks to wait, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(failure: CallFailure, message: string, retryAfterMs: number | null, usage?: Usage | null) {
    super(failure, message, usage);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Says what went wrong in the SDK in our own words. The SDK's errors hold the request, the answer and headers, so
 * nothing of them is passed on, not as a cause either: what is logged of an error must not tell what it was about.
 *
 * @param now in milliseconds since 1970
 */
export function failureOf(error: unknown, { name, provider }: Named, now: number): CallFailedError {
  const model = `The model "${name}" (${provider})`;
  if (isOversized(error)) {
    return new CallFailedError("INVALID_OUTPUT", `${model} sent more than an answer can be.`, null);
  }
  if (!APICallError.isInstance(error)) {
    const kind = AISDKError.isInstance(error) || error instanceof Error ? ` (${error.name})` : "";
    return new PassingFailure("UNAVAILABLE", `${model} broke off with an error${kind}.`, null, null);
  }
  const { statusCode: status, responseHeaders } = error;
  if (isFetchTimeout(error)) return timeoutOf({ name, provider });
  if (status === undefined)
    return new PassingFailure("UNAVAILABLE", `${model} cannot be reached.`, null, null);
  const retryAfterMs = retryAfterOf(responseHeaders, now);
  if (status === 429) {
    return new PassingFailure(
      "RATE_LIMITED",
      `${model} takes no more requests for now (HTTP 429).`,
      retryAfterMs,
    );
  }
  if (status >= 500) {
    return new PassingFailure("UNAVAILABLE", `${model} is out of order (HTTP ${status}).`, retryAfterMs);
  }
  if (status < 400) {
    return error.isRetryable
      ? breakOff({ name, provider }, null)
      : new CallFailedError("UNAVAILABLE", `${model} did not answer in its provider's protocol.`);
  }
  return new CallFailedError("UNAVAILABLE", `${model} ${refusalOf(status)} (HTTP ${status}).`);
}

/** A call that took longer than the configuration allows. It is not made again: it would take as long. */
export function timeoutOf({ name, provider }: Named): CallFailedError {
  return new CallFailedError("TIMEOUT", `The model "${name}" (${provider}) did not answer in time.`, null);
}

/** An answer that has begun and not come to its end. */
export function breakOff({ name, provider }: Named, usage: Usage | null): PassingFailure {
  const message = `The model "${name}" (${provider}) broke off in the middle of its answer.`;
  return new PassingFailure("UNAVAILABLE", message, null, usage);
}

function refusalOf(status: number): string {
  if (status === 401 || status === 403) return "does not accept the configured API key";
  if (status === 404) return "is not known where the configuration says it is";
  return "did not accept the request";
}

/** Node's fetch has time limits of its own. */
function isFetchTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT" || isFetchTimeout(error.cause);
}

function isOversized(error: unknown): boolean {
  return error instanceof OversizedResponseError || (error instanceof Error && isOversized(error.cause));
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterOf(headers: Readonly<Record<string, string>> | undefined, now: number): number | null {
  const value = headers?.["retry-after"]?.trim();
  if (!value) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : null;
}
