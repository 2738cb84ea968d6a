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
  /** Whether its run has ended. */
  readonly runEnded: boolean;
}

export type MoveDecision =
  | { readonly allowed: true; readonly to: Standing }
  | { readonly allowed: false; readonly rejection: GuardRejection };

/**
 * Whether a workstream may be moved, by somebody who asks for it, and how it stands then.
 *
 * The table comes first. Only a claim begins the work, only the holder of the lease goes on with it, and
 * DONE needs every step to be completed. A person may end it, take it back, or hold what has not begun; a
 * hold ends in the state that follows from the dependencies. Where those are lost it can be lifted all the
 * same, and the workstream stays BLOCKED, by them. What an escalation has stopped waits for its answer.
 */
export function decideMove(request: MoveRequest): MoveDecision {
  const { current, to } = request;
  const illegal = validateStateTransition("workstream", current.status, to);
  const outcome = illegal ? illegal.rule : judge(request);
  if (typeof outcome !== "string") return { allowed: true, to: outcome };
  const message = illegal?.message ?? GUARD_RULES[outcome];
  const allowed = allowedStates("workstream", current.status).filter(
    (state) => typeof judge({ ...request, to: state as WorkstreamStatus }) !== "string",
  );
  return { allowed: false, rejection: { rule: outcome, message, from: current.status, to, allowed } };
}

/** What a move that is in the table leads to, or the rule that it is refused by. */
function judge({
  current,
  to,
  leased,
  dependencies,
  stepInProgress,
  runEnded,
}: MoveRequest): Standing | GuardRule {
  const trigger = findWorkstreamMove(current.status, to)?.trigger;
  if (trigger === "ESCALATION") return "ESCALATION_DECIDES";
  if (trigger === "CLAIM" || (trigger === "WORK" && !leased)) return "LEASE_REQUIRED";
  if (to === "DONE" && stepInProgress) return "STEP_IN_PROGRESS";
  const outcome = trigger === "DEPENDENCIES" ? judgeHold(current, to, dependencies) : null;
  if (typeof outcome === "string") return outcome;
  return runEnded ? "RUN_ENDED" : (outcome ?? { status: to, blockedBy: null });
}

function judgeHold(
  current: Standing,
  to: WorkstreamStatus,
  dependencies: readonly Standing[],
): Standing | GuardRule {
  if (to === "BLOCKED") return { status: to, blockedBy: "HOLD" };
  if (current.blockedBy === "ESCALATION") return "ESCALATION_DECIDES";
  if (current.blockedBy !== "HOLD") return "DEPENDENCIES_DECIDE";
  const follows = standingAfter(dependencies);
  return follows.status === to || follows.status === "BLOCKED" ? follows : "DEPENDENCIES_DECIDE";
}

/** What keeps a person from moving a run: it can be started and abandoned; its other ends come by themselves. */
export function decideRunMove(from: RunStatus, to: RunStatus): GuardRejection | null {
  const illegal = validateStateTransition("run", from, to);
  if (!illegal && isAskable(to)) return null;
  const rule = illegal?.rule ?? "RUN_ENDS_BY_ITSELF";
  const message = illegal?.message ?? GUARD_RULES.RUN_ENDS_BY_ITSELF;
  return { rule, message, from, to, allowed: allowedStates("run", from).filter(isAskable) };
}

/** The states of a run that a person may ask for. */
function isAskable(status: string): boolean {
  return status === "RUNNING" || status === "ABANDONED";
}

/** Whether a move takes the lease away with it. */
export function endsLease(from: WorkstreamStatus, to: WorkstreamStatus): boolean {
  return isWorking(from) && !isWorking(to);
}
