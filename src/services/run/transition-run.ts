import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { decideRunMove } from "../../domain/run/move.ts";
import type { RunStatus } from "../../domain/run/state.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByRule } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { abandonRun } from "./abandon-run.ts";
import { aboutRun } from "./about.ts";
import { placeOfRun } from "./place.ts";
import { runRunCommand } from "./run-command.ts";

/**
 * Starts a run, or abandons it with everything in it that has not ended. Its other ends come by themselves.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ILLEGAL_TRANSITION, TERMINAL_STATE,
 *   RUN_ENDS_BY_ITSELF, ARCHIVED)
 */
export async function transitionRun(
  services: Services,
  caller: Caller,
  raw: RunInput<"transitionRun">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.transitionRun, raw);
  const { runId, to, reason = null } = input;
  const place = await placeOfRun(services, caller, runId);
  const request = {
    command: "transitionRun",
    ...place,
    input,
    rejectedAs: "transition_rejected",
    to,
  } as const;
  return runRunCommand(services, caller, request, async (locked) => {
    const { tx, run, now } = locked;
    const rejection = decideRunMove(run.status as RunStatus, to);
    if (rejection) return refusedByRule(rejection, { ...aboutRun(runId), type: "transition_rejected" });
    if (to === "ABANDONED") {
      return { id: runId, events: await abandonRun(locked, { reason, cause: "ABANDONED" }) };
    }
    const { count } = await tx.run.updateMany({
      where: { id: runId, status: run.status },
      data: { status: to, startedAt: now, updatedAt: now },
    });
    if (count !== 1) throw new Error(`Run ${runId} changed under its project's lock`);
    const detail = { cause: "STARTED" };
    const started: NewEvent = { ...aboutRun(runId), type: "run_transition", reason, detail };
    return { id: runId, events: [{ ...started, fromState: run.status, toState: to }] };
  });
}
