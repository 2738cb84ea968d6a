import { PassingFailure } from "./failure.ts";

/** How calls are made again. */
export interface RetryPolicy {
  /** How many times a call is made again at most. */
  readonly retries: number;
  /** Ends early, rejecting, when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

const FIRST_DELAY_MS = 1_000;
/** A provider that asks for more than this is not waited for: whoever waits for us would not know why. */
const MAX_DELAY_MS = 60_000;

/**
 * Makes a call, and again while it fails in a way that may pass: after 1, 2, 4 … seconds, each times a random factor
 * from 0.5 to 1 so that many callers do not come back at once, and never before the provider said.
 *
 * @param onFailure is told of each failure, the last one too
 * @throws what the last call threw, or the signal's reason
 */
export async function withRetries<T>(
  call: () => Promise<T>,
  { retries, wait, random }: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PassingFailure) || attempt === retries) throw error;
      const delay = delayOf(attempt, error.retryAfterMs, random());
      if (delay > MAX_DELAY_MS) throw error;
      await wait(delay, signal).catch((reason: unknown) => {
        signal.throwIfAborted();
        throw reason;
      });
    }
  }
}

function delayOf(attempt: number, retryAfterMs: number | null, random: number): number {
  const backoff = Math.min(FIRST_DELAY_MS * 2 ** attempt, MAX_DELAY_MS) * (0.5 + random / 2);
  return Math.max(Math.round(backoff), retryAfterMs ?? 0);
}
