import { NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { lostLease } from "../../domain/run/lease.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { placeOfRun } from "./place.ts";
import { runRunCommand, toLeased } from "./run-command.ts";

/**
 * Puts something on record that an agent wants to tell: about the run, also after its end, or about the
 * workstream that it holds.
 *
 * @throws ValidationError, NotFoundError when there is no such run or it has no such workstream,
 *   GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 */
export async function recordRunEvent(
  services: Services,
  caller: Caller,
  raw: RunInput<"recordRunEvent">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.recordRunEvent, raw);
  const { runId, workstreamId, leaseToken, type, payload } = input;
  const place = await placeOfRun(services, caller, runId);
  return runRunCommand(services, caller, { command: "recordRunEvent", ...place, input }, async (locked) => {
    const told = { type: "run_event", detail: { type, payload } } as const;
    if (workstreamId === undefined || leaseToken === undefined) {
      const event: NewEvent = { ...aboutRun(runId), ...told };
      return { id: runId, events: [event] };
    }
    const workstream = await locked.tx.workstream.findUnique({ where: { id: workstreamId, runId } });
    if (!workstream) throw new NotFoundError("The run has no such workstream.");
    const lost = lostLease(toLeased(workstream), leaseToken, locked.now);
    if (lost) return refusedByConflict(lost, aboutWorkstream(workstream));
    const detail = { key: workstream.key, ...told.detail };
    return { id: runId, events: [{ ...aboutWorkstream(workstream), ...told, detail }] };
  });
}
