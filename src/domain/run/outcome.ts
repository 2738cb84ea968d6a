import type { WorkstreamNode } from "./readiness.ts";
import { isTerminalWorkstream, type RunStatus } from "./state.ts";

/** What a run's end follows from. */
export type Ended = Pick<WorkstreamNode, "status" | "blockedBy" | "replaced">;

/**
 * How a run ends, by its workstreams; null while something can still go on, and while it has none.
 *
 * Something can go on as long as one waits for its dependencies, is ready, is worked on, is held by a
 * person, or is stopped by an escalation. Then: COMPLETED when all are done, PARTIAL when some are, FAILED when none is and one failed,
 * ABANDONED when none is and none failed. A workstream that was replaced does not count.
 */
export function deriveOutcome(workstreams: readonly Ended[]): RunStatus | null {
  const counted = workstreams.filter(({ replaced }) => !replaced);
  const over = ({ status, blockedBy }: Ended) =>
    isTerminalWorkstream(status) || (status === "BLOCKED" && blockedBy === "DEPENDENCY");
  if (counted.length === 0 || !counted.every(over)) return null;
  const done = counted.filter(({ status }) => status === "DONE").length;
  if (done === counted.length) return "COMPLETED";
  if (done > 0) return "PARTIAL";
  return counted.some(({ status }) => status === "FAILED") ? "FAILED" : "ABANDONED";
}
