import type { EventType } from "../../domain/event/types.ts";
import { blockerOf } from "../../domain/guard.ts";
import { type LeasedWorkstream, lostLease } from "../../domain/run/lease.ts";
import { isTerminalRun, type RunStatus, type WorkstreamStatus } from "../../domain/run/state.ts";
import type { Run, Workstream } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import {
  type AcceptedLog,
  type LockedLog,
  type LockedRequest,
  type Refused,
  refusedByConflict,
  refusedByRule,
  runLockedCommand,
  withReason,
} from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { reasonOfArchiving, reasonOfEnd } from "./reason-of-end.ts";

/** A run under its project's lock: what a command on it decides on. */
export interface LockedRun extends LockedLog {
  readonly run: Run;
  /** The place in the log of the first event that this command will append. */
  readonly sequence: number;
}

/** What it takes to write a run to its end. */
export type RunToEnd = Pick<LockedRun, "tx" | "run" | "now" | "sequence">;

/** A workstream under its project's lock. */
export interface LockedWorkstream extends LockedRun {
  readonly workstream: Workstream;
}

export interface RunRequest extends LockedRequest {
  readonly runId: string;
  /** What a refusal is recorded as, `command_rejected` unless told. */
  readonly rejectedAs?: EventType;
  /** The state that was asked for, if one was. */
  readonly to?: string;
}

export interface WorkstreamRequest extends RunRequest {
  readonly workstreamId: string;
  /** What the caller works under; null for a person, who needs none. */
  readonly leaseToken: string | null;
}

/** What a refusal's event never holds: the token is a key, the others may be larger than the whole log should be. */
const UNRECORDED = [
  ...["leaseToken", "workstreams", "dependsOn", "steps", "metadata"],
  ...["payload", "result", "context", "message"],
  ...["problem", "attempts", "options", "guidance"],
];

/** A command on a run. @throws NotFoundError; GuardRejectedError (ARCHIVED), and what the command is refused with */
export function runRunCommand(
  services: Services,
  caller: Caller,
  request: RunRequest,
  decide: (locked: LockedRun) => Promise<AcceptedLog | Refused>,
): Promise<CommandResult> {
  const { runId, to, rejectedAs } = request;
  return runLockedCommand(services, caller, { unrecorded: UNRECORDED, ...request }, async (log) => {
    const run = await log.tx.run.findUniqueOrThrow({ where: { id: runId } });
    if (log.head.archived) {
      const rejection = { ...blockerOf("ARCHIVED"), from: run.status, to: to ?? null, allowed: [] };
      const refused = refusedByRule(rejection, {
        ...aboutRun(runId),
        ...(rejectedAs && { type: rejectedAs }),
      });
      return withReason(refused, await reasonOfArchiving(log.tx, log.head.id));
    }
    const verdict = await decide({ ...log, run, sequence: log.head.eventSequence + 1 });
    return "refusal" in verdict
      ? withReason(verdict, await reasonOfEnd(log.tx, run, verdict.event))
      : verdict;
  });
}

/**
 * A command on a workstream. Where a lease is presented it has to be the present one: a write under a lost
 * lease is refused before anything else is looked at.
 *
 * @throws NotFoundError; GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 */
export function runWorkstreamCommand(
  services: Services,
  caller: Caller,
  request: WorkstreamRequest,
  decide: (locked: LockedWorkstream) => Promise<AcceptedLog | Refused>,
): Promise<CommandResult> {
  const { workstreamId, leaseToken, to, rejectedAs } = request;
  return runRunCommand(services, caller, request, async (locked) => {
    const workstream = await locked.tx.workstream.findUniqueOrThrow({ where: { id: workstreamId } });
    const lost = leaseToken === null ? null : lostLease(toLeased(workstream), leaseToken, locked.now);
    if (lost) {
      const type = rejectedAs ? { type: rejectedAs } : {};
      return refusedByConflict(lost, { ...aboutWorkstream(workstream), ...type, ...(to && { to }) });
    }
    return decide({ ...locked, workstream });
  });
}

/** The refusal of new work in a run that has ended; null while it has not. The states are the run's unless told. */
export function refusedByEnd(
  run: Run,
  about: Parameters<typeof refusedByRule>[1],
  { from = run.status, to = null }: { readonly from?: string; readonly to?: string | null } = {},
): Refused | null {
  if (!isTerminalRun(run.status as RunStatus)) return null;
  return refusedByRule({ ...blockerOf("RUN_ENDED"), from, to, allowed: [] }, about);
}

/** A workstream's row as the rules of leases see it. */
export function toLeased(row: Workstream): LeasedWorkstream {
  const { key, attempt, leaseToken, leaseHolder, leaseExpiresAt } = row;
  const lease =
    leaseToken && leaseHolder && leaseExpiresAt
      ? { token: leaseToken, holder: leaseHolder, expiresAt: leaseExpiresAt }
      : null;
  return { key, status: row.status as WorkstreamStatus, attempt, lease };
}

/** What a workstream's row holds of a lease when there is none. */
export const NO_LEASE = { leaseToken: null, leaseHolder: null, leaseExpiresAt: null } as const;
