/** How often the same failure may come in one workstream before a person is asked. */
export const BREAKER_THRESHOLD = 3;

/** What there is already about a failure in its run. */
export interface KnownFailure {
  /** Failures of this signature in this workstream since the last answer to it, this one included. */
  readonly failures: number;
  /** An escalation with this signature that waits for its answer, or for the one that tries first. */
  readonly open: { readonly triesFirst: boolean } | null;
}

/**
 * RETRY: the agent tries again. OPEN: a person is asked. JOIN: the workstream is stopped by the question that is
 * open. REOPEN: the one that was to try first after the answer has failed in the same way, so the question is
 * asked anew at once, for all that wait for it.
 */
export type FailureVerdict = "RETRY" | "OPEN" | "JOIN" | "REOPEN";

/** What follows from a failure. */
export function judgeFailure({ failures, open }: KnownFailure): FailureVerdict {
  if (open) return open.triesFirst ? "REOPEN" : "JOIN";
  return failures < BREAKER_THRESHOLD ? "RETRY" : "OPEN";
}
