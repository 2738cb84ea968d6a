import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { heldByAgent } from "../../domain/run/lease.ts";
import { decideMove, endsLease } from "../../domain/run/move.ts";
import type { Standing } from "../../domain/run/readiness.ts";
import {
  type BlockReason,
  isTerminalRun,
  isTerminalWorkstream,
  isWorking,
  type RunStatus,
  type WorkstreamStatus,
} from "../../domain/run/state.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict, refusedByRule } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutWorkstream } from "./about.ts";
import { closeAttempts } from "./close-attempts.ts";
import { releaseLease } from "./give-back.ts";
import { placeOfWorkstream } from "./place.ts";
import { type LockedWorkstream, NO_LEASE, runWorkstreamCommand, toLeased } from "./run-command.ts";
import { settleRun } from "./settle-run.ts";

/**
 * Moves a workstream. The holder of its lease goes on with the work and ends it; a person, who presents no
 * lease, may end it, take it back, hold it before it has begun and lift the hold; while an agent works on it,
 * a person says that it is taken from the agent. What waits for it follows in the same transaction, and the
 * run ends with it when nothing can go on.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ILLEGAL_TRANSITION, TERMINAL_STATE,
 *   LEASE_REQUIRED, STEP_IN_PROGRESS, DEPENDENCIES_DECIDE, RUN_ENDED, ARCHIVED), ConflictError when the lease
 *   is lost, and when an agent holds it and neither its lease nor `takeBack` is given
 */
export async function transitionWorkstream(
  services: Services,
  caller: Caller,
  raw: RunInput<"transitionWorkstream">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.transitionWorkstream, raw);
  const { workstreamId, to, leaseToken = null, takeBack, reason = null } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const rejectedAs = "transition_rejected";
  const request = { command: "transitionWorkstream", ...place, workstreamId, leaseToken, input } as const;
  return runWorkstreamCommand(services, caller, { ...request, rejectedAs, to }, async (locked) => {
    const { run, workstream } = locked;
    const about = { ...aboutWorkstream(workstream), type: rejectedAs } as const;
    const from = workstream.status as WorkstreamStatus;
    const decision = decideMove({
      current: { status: from, blockedBy: workstream.blockedBy as BlockReason | null },
      to,
      leased: leaseToken !== null,
      dependencies: from === "BLOCKED" ? await dependenciesOf(locked) : [],
      // Also when something else is asked for: a refusal tells whether DONE is possible.
      stepInProgress: isWorking(from) && (await hasStepInProgress(locked)),
      runEnded: isTerminalRun(run.status as RunStatus),
    });
    if (!decision.allowed) return refusedByRule(decision.rejection, about);
    if (isWorking(from) && leaseToken === null && takeBack !== true) {
      return refusedByConflict(heldByAgent(toLeased(workstream)), { ...about, to });
    }
    if (isWorking(from) && to === "READY") {
      const cause = leaseToken === null ? "TAKEN_BACK" : "GIVEN_BACK";
      return { id: workstreamId, events: await releaseLease(locked, reason, cause) };
    }
    const cut = endsLease(from, to) ? await closeAttempts(locked, [workstreamId], "WORKSTREAM_ENDED") : [];
    await write(locked, decision.to);
    const states = { fromState: from, toState: decision.to.status };
    const moved: NewEvent = {
      ...aboutWorkstream(workstream),
      ...(states.fromState === states.toState
        ? { type: "hold_lifted" }
        : { type: "workstream_transition", ...states }),
      reason,
      detail: { key: workstream.key, cause: causeOf(from, to, leaseToken !== null) },
    };
    const follows = isWorking(to) ? [] : await settleRun(locked);
    return { id: workstreamId, events: [...cut, moved, ...follows] };
  });
}

function causeOf(from: WorkstreamStatus, to: WorkstreamStatus, leased: boolean): string {
  if (to === "BLOCKED") return "HELD";
  if (from === "BLOCKED" && !isTerminalWorkstream(to)) return "HOLD_LIFTED";
  return leased ? "AGENT" : "PERSON";
}

async function dependenciesOf({ tx, workstream }: LockedWorkstream): Promise<Standing[]> {
  const edges = await tx.workstreamDependency.findMany({
    where: { workstreamId: workstream.id },
    select: { dependsOn: { select: { status: true, blockedBy: true } } },
  });
  return edges.map(({ dependsOn: { status, blockedBy } }) => ({
    status: status as WorkstreamStatus,
    blockedBy: blockedBy as BlockReason | null,
  }));
}

async function hasStepInProgress({ tx, workstream }: LockedWorkstream): Promise<boolean> {
  const where = { workstreamId: workstream.id, status: "IN_PROGRESS" };
  return (await tx.stepAttempt.count({ where })) > 0;
}

async function write(
  { tx, workstream, now, sequence }: LockedWorkstream,
  { status, blockedBy }: Standing,
): Promise<void> {
  const { count } = await tx.workstream.updateMany({
    where: { id: workstream.id, status: workstream.status },
    data: {
      status,
      blockedBy,
      readySequence: status === "READY" ? sequence : null,
      ...(!isWorking(status) && NO_LEASE),
      ...(isTerminalWorkstream(status) && { endedAt: now }),
      updatedAt: now,
    },
  });
  if (count !== 1) throw new Error(`Workstream ${workstream.id} changed under its project's lock`);
}
