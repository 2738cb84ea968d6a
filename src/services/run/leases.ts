import { ConflictError } from "../../domain/errors.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { extendedEnd } from "../../domain/run/lease.ts";
import { isWorking, type WorkstreamStatus } from "../../domain/run/state.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutWorkstream } from "./about.ts";
import { releaseLease } from "./give-back.ts";
import { placeOfWorkstream } from "./place.ts";
import { runWorkstreamCommand } from "./run-command.ts";

/**
 * Tells that an agent still works: its lease lasts that long from now, and never shorter than before. It is
 * not recorded, since it changes nothing that anybody waits for, and neither is its refusal, which an agent
 * that goes on beating would repeat for ever.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 */
export async function heartbeatWorkstream(
  services: Services,
  caller: Caller,
  raw: RunInput<"heartbeatWorkstream">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.heartbeatWorkstream, raw);
  const { workstreamId, leaseToken, leaseSeconds } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const about = { command: "heartbeatWorkstream", ...place, workstreamId, leaseToken, input };
  const request = { ...about, recordsRefusals: false };
  return runWorkstreamCommand(services, caller, request, async ({ tx, workstream, now }) => {
    const { leaseExpiresAt } = workstream;
    if (!leaseExpiresAt) throw new Error(`Workstream ${workstreamId} has a lease without an end`);
    const { count } = await tx.workstream.updateMany({
      where: { id: workstreamId, leaseToken },
      data: { leaseExpiresAt: extendedEnd(leaseExpiresAt, now, leaseSeconds), updatedAt: now },
    });
    if (count !== 1) throw new Error(`Workstream ${workstreamId} changed under its project's lock`);
    return { id: workstreamId, events: [] };
  });
}

/**
 * Gives a workstream back unfinished: it is ready for the next claim, and its steps in progress end as failures.
 * A person takes it back from the agent in the same way, without its lease.
 *
 * @throws ValidationError, also for neither a lease nor `takeBack`; NotFoundError, GuardRejectedError (ARCHIVED),
 *   ConflictError when the lease is lost, and when there is nobody to take the work from
 */
export async function releaseWorkstream(
  services: Services,
  caller: Caller,
  raw: RunInput<"releaseWorkstream">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.releaseWorkstream, raw);
  const { workstreamId, leaseToken = null, reason = null } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const request = { command: "releaseWorkstream", ...place, workstreamId, leaseToken, input };
  return runWorkstreamCommand(services, caller, request, async (locked) => {
    const { workstream } = locked;
    if (!isWorking(workstream.status as WorkstreamStatus)) {
      const message = `Nobody works on "${workstream.key}": there is nothing to take back.`;
      const conflict = new ConflictError(message, workstream.status, workstream.attempt);
      return refusedByConflict(conflict, aboutWorkstream(workstream));
    }
    const cause = leaseToken === null ? "TAKEN_BACK" : "GIVEN_BACK";
    return { id: workstreamId, events: await releaseLease(locked, reason, cause) };
  });
}
