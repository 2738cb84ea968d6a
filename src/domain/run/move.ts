import type { GuardRejection } from "../errors.ts";
import { GUARD_RULES, type GuardRule } from "../guard.ts";
import { allowedStates, findWorkstreamMove, validateStateTransition } from "./machine.ts";
import { type Standing, standingAfter } from "./readiness.ts";
import { isWorking, type RunStatus, type WorkstreamStatus } from "./state.ts";

/** What `transitionWorkstream` decides on. */
export interface MoveRequest {
  readonly current: Standing;
  readonly to: WorkstreamStatus;
  /** Whether the caller has presented the present lease. */
  readonly leased: boolean;
  /** How those stand that it depends on. */
  readonly dependencies: readonly Standing[];
  readonly stepInProgress: boolean;
}

export type MoveDecision =
  | { readonly allowed: true; readonly to: Standing }
  | { readonly allowed: false; readonly rejection: GuardRejection };

/**
 * Whether a workstream may be moved, by somebody who asks for it, and how it stands then.
 *
 * The table comes first. Only a claim begins the work, only the holder of the lease goes on with it, and
 * DONE needs every step to be completed. A person may end it, take it back, or hold what has not begun;
 * a hold ends in the state that follows from the dependencies, and in no other.
 */
export function decideMove(request: MoveRequest): MoveDecision {
  const { current, to, leased, dependencies, stepInProgress } = request;
  const illegal = validateStateTransition("workstream", current.status, to);
  if (illegal) return { allowed: false, rejection: illegal };
  const refuse = (rule: GuardRule, allowed = allowedStates("workstream", current.status)): MoveDecision => ({
    allowed: false,
    rejection: { rule, message: GUARD_RULES[rule], from: current.status, to, allowed },
  });
  const trigger = findWorkstreamMove(current.status, to)?.trigger;
  if (trigger === "CLAIM" || (trigger === "WORK" && !leased)) return refuse("LEASE_REQUIRED");
  if (to === "DONE" && stepInProgress) return refuse("STEP_IN_PROGRESS");
  if (trigger !== "DEPENDENCIES") return { allowed: true, to: { status: to, blockedBy: null } };
  if (to === "BLOCKED") return { allowed: true, to: { status: to, blockedBy: "HOLD" } };
  const follows = standingAfter(dependencies);
  if (current.blockedBy === "HOLD" && follows.status === to) return { allowed: true, to: follows };
  const possible = current.blockedBy === "HOLD" && follows.status !== "BLOCKED" ? [follows.status] : [];
  const dependent = ["PENDING", "READY"];
  const others = allowedStates("workstream", current.status).filter((state) => !dependent.includes(state));
  return refuse("DEPENDENCIES_DECIDE", [...possible, ...others]);
}

/** What keeps a person from moving a run: it can be started and abandoned; its other ends come by themselves. */
export function decideRunMove(from: RunStatus, to: RunStatus): GuardRejection | null {
  const illegal = validateStateTransition("run", from, to);
  if (illegal) return illegal;
  if (to === "RUNNING" || to === "ABANDONED") return null;
  const allowed = allowedStates("run", from).filter((state) => state === "RUNNING" || state === "ABANDONED");
  return { rule: "RUN_ENDS_BY_ITSELF", message: GUARD_RULES.RUN_ENDS_BY_ITSELF, from, to, allowed };
}

/** Whether a move takes the lease away with it. */
export function endsLease(from: WorkstreamStatus, to: WorkstreamStatus): boolean {
  return isWorking(from) && !isWorking(to);
}
