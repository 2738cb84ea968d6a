import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import { decideRunMove } from "../../domain/run/move.ts";
import { type RunStatus, WORKSTREAM_STATES } from "../../domain/run/state.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByRule } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { closeAttempts } from "./close-attempts.ts";
import { placeOfRun } from "./place.ts";
import { type LockedRun, NO_LEASE, runRunCommand } from "./run-command.ts";
import { endRun } from "./settle-run.ts";

const OPEN_STATES = WORKSTREAM_STATES.filter(({ terminal }) => !terminal).map(({ name }) => name);

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
  const place = await placeOfRun(services, caller.userId, runId);
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
      const abandoned = await abandonWorkstreams(locked);
      const cause = "ABANDONED";
      const ended = await endRun(locked, to, { reason, cause });
      return { id: runId, events: [...abandoned, ended] };
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

async function abandonWorkstreams(locked: LockedRun): Promise<NewEvent[]> {
  const { tx, run, now } = locked;
  const where = { runId: run.id, status: { in: OPEN_STATES } };
  const open = await tx.workstream.findMany({
    where,
    select: { id: true, key: true, status: true },
    orderBy: { position: "asc" },
  });
  const cut = await closeAttempts(
    locked,
    open.map(({ id }) => id),
    "RUN_ABANDONED",
  );
  await tx.workstream.updateMany({
    where,
    data: {
      status: "ABANDONED",
      blockedBy: null,
      readySequence: null,
      ...NO_LEASE,
      endedAt: now,
      updatedAt: now,
    },
  });
  const moved = open.map(
    ({ id, key, status }): NewEvent => ({
      ...aboutWorkstream({ id, runId: run.id }),
      type: "workstream_transition",
      actor: "SYSTEM",
      fromState: status,
      toState: "ABANDONED",
      detail: { key, cause: "RUN_ABANDONED" },
    }),
  );
  return [...cut, ...moved];
}
