import { ConflictError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { parseInput } from "../../domain/parse.ts";
import { type RunInput, runInputs } from "../../domain/run/inputs.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict } from "../command/locked.ts";
import { followSuccess } from "../escalation/follow-success.ts";
import type { Services } from "../services.ts";
import { aboutWorkstream } from "./about.ts";
import { placeOfAttempt, placeOfWorkstream } from "./place.ts";
import { runWorkstreamCommand } from "./run-command.ts";

/**
 * Begins a step of a workstream: the next attempt at it. One attempt at a step is in progress at a time.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 *   or the step is in progress: then with the attempt's id
 */
export async function startStep(
  services: Services,
  caller: Caller,
  raw: RunInput<"startStep">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.startStep, raw);
  const { workstreamId, leaseToken, step } = input;
  const place = await placeOfWorkstream(services, caller, workstreamId);
  const request = { command: "startStep", ...place, workstreamId, leaseToken, input };
  return runWorkstreamCommand(services, caller, request, async ({ tx, run, workstream, now }) => {
    const about = aboutWorkstream(workstream);
    const last = await tx.stepAttempt.findFirst({
      where: { workstreamId, stepName: step },
      orderBy: { number: "desc" },
      select: { id: true, number: true, status: true },
    });
    if (last?.status === "IN_PROGRESS") {
      const message = `Attempt ${last.number} at step "${step}" is in progress: complete it first.`;
      return refusedByConflict(new ConflictError(message, last.status, last.number, null, last.id), about);
    }
    const id = services.ids.next();
    const number = (last?.number ?? 0) + 1;
    await tx.stepAttempt.create({
      data: {
        id,
        runId: run.id,
        workstreamId,
        stepName: step,
        number,
        leaseAttempt: workstream.attempt,
        startedAt: now,
      },
    });
    const detail = { key: workstream.key, step, number };
    const started: NewEvent = { ...about, type: "step_started", toState: "IN_PROGRESS", detail };
    return { id, events: [started] };
  });
}

/**
 * Completes a step, once. Success at the step for which an escalation was opened lets those go on that wait for it.
 *
 * @throws ValidationError, NotFoundError, GuardRejectedError (ARCHIVED), ConflictError when the lease is lost
 *   or the attempt is completed already
 */
export async function completeStep(
  services: Services,
  caller: Caller,
  raw: RunInput<"completeStep">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.completeStep, raw);
  const { attemptId, leaseToken, status, result } = input;
  const place = await placeOfAttempt(services, caller, attemptId);
  const request = { command: "completeStep", ...place, leaseToken, input, to: status };
  return runWorkstreamCommand(services, caller, request, async (locked) => {
    const { tx, workstream, now } = locked;
    const about = aboutWorkstream(workstream);
    const attempt = await tx.stepAttempt.findUniqueOrThrow({
      where: { id: attemptId },
      omit: { result: true },
    });
    const { stepName: step, number, startedAt } = attempt;
    if (attempt.status !== "IN_PROGRESS") {
      const message = `Attempt ${number} at step "${step}" is completed already, as ${attempt.status}.`;
      return refusedByConflict(new ConflictError(message, attempt.status), { ...about, to: status });
    }
    const { count } = await tx.stepAttempt.updateMany({
      where: { id: attemptId, status: "IN_PROGRESS" },
      data: {
        status,
        // A clock that has jumped back must not let a step end before it began.
        completedAt: now > startedAt ? now : startedAt,
        ...(result && { result: result as Prisma.InputJsonObject }),
      },
    });
    if (count !== 1) throw new Error(`Step attempt ${attemptId} changed under its project's lock`);
    const detail = { key: workstream.key, step, number };
    const states = { fromState: "IN_PROGRESS", toState: status };
    const completed: NewEvent = { ...about, type: "step_completed", ...states, detail };
    const follows = status === "SUCCESS" ? await followSuccess(locked, step) : [];
    return { id: attemptId, events: [completed, ...follows] };
  });
}
