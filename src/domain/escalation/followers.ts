import type { Standing } from "../run/readiness.ts";
import { isTerminalWorkstream } from "../run/state.ts";
import type { EscalationStatus, StoppedState } from "./state.ts";

/** A workstream that an escalation has stopped, with how both stand. */
export interface Participant {
  readonly workstreamId: string;
  readonly state: Extract<StoppedState, "STOPPED" | "TRYING">;
  readonly standing: Standing;
}

/** An escalation with those that it still concerns, in the order in which they try. */
export interface OpenEscalation {
  readonly id: string;
  readonly status: EscalationStatus;
  readonly participants: readonly Participant[];
}

/** What becomes of them. */
export interface FollowUp {
  /** These ended otherwise, or something else stopped them. */
  readonly left: readonly string[];
  /** These are over it. */
  readonly cleared: readonly string[];
  /** The one that tries first from now on; null when none is to begin. */
  readonly tries: string | null;
  /** Nobody is left who waits for the answer. */
  readonly isVoid: boolean;
}

/**
 * Who goes on, after one of those changed that an escalation has stopped: while it waits for its answer nobody; then
 * one tries first, the others follow when it has succeeded, and where it ends otherwise the next one tries.
 *
 * @param succeeded the workstream whose failed step has just been completed with success, if one has
 */
export function followUp(
  { status, participants }: OpenEscalation,
  succeeded: string | null = null,
): FollowUp {
  const won = participants.filter(
    (each) => each.state === "TRYING" && (each.workstreamId === succeeded || each.standing.status === "DONE"),
  );
  const left = participants.filter((each) => !won.includes(each) && hasLeft(each));
  const waiting = participants.filter((each) => each.state === "STOPPED" && !left.includes(each));
  const trying = participants.some(
    (each) => each.state === "TRYING" && !won.includes(each) && !left.includes(each),
  );
  const pending = status === "PENDING";
  const over = won.length > 0 && !pending;
  const ids = (some: readonly Participant[]) => some.map(({ workstreamId }) => workstreamId);
  return {
    left: ids(left),
    cleared: ids(over ? [...won, ...waiting] : won),
    tries: pending || over || trying ? null : (waiting[0]?.workstreamId ?? null),
    isVoid: pending && waiting.length === 0,
  };
}

/** Who waits is blocked by the escalation; who tries has not ended, and nothing has stopped it again: no hold either. */
function hasLeft({ state, standing: { status, blockedBy } }: Participant): boolean {
  if (isTerminalWorkstream(status)) return true;
  return state === "STOPPED" ? blockedBy !== "ESCALATION" : status === "BLOCKED";
}
