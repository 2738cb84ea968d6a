import type { EscalationOption } from "../../domain/escalation/option.ts";
import type { Question } from "../../domain/escalation/problem.ts";
import type { EscalationOrigin, ExpiryPolicy } from "../../domain/escalation/state.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { MAX_SAMPLE } from "../../domain/run/signature.ts";
import { truncate } from "../../domain/text.ts";
import type { LockedWorkstream } from "../run/run-command.ts";
import type { Services } from "../services.ts";
import { aboutEscalation } from "./about.ts";
import { pauseRun } from "./pause-run.ts";
import { settleEscalations } from "./settle-escalations.ts";
import { stopWorkstream } from "./stop-workstream.ts";

/** What is asked, and how long there is to answer it. */
export interface Asked extends Question {
  readonly origin: EscalationOrigin;
  /** The step that failed; null without a failure. */
  readonly step: string | null;
  readonly errorType: string;
  readonly errorSignature: string;
  readonly options: readonly EscalationOption[];
  readonly dueAt: Date | null;
  readonly onExpiry: ExpiryPolicy;
  readonly defaultOption: string | null;
  /** The answered escalation whose first try has failed: what waited for that waits for this one. */
  readonly replaces?: string;
}

/**
 * Asks a person about a workstream that is worked on: stops it, pauses its run when the breaker asks, and opens the
 * escalation. @returns its id, and the events of all that
 */
export async function openEscalation(
  services: Services,
  locked: LockedWorkstream,
  asked: Asked,
): Promise<{ readonly id: string; readonly events: NewEvent[] }> {
  const { tx, head, run, workstream, now } = locked;
  const id = services.ids.next();
  const stopped = await stopWorkstream(locked, id);
  const carried = asked.replaces === undefined ? [] : await takeOver(locked, asked.replaces);
  await tx.agentEscalation.create({
    data: {
      id,
      sessionId: workstream.sessionId ?? `${workstream.id}/${workstream.attempt}`,
      runId: run.id,
      workstreamId: workstream.id,
      projectId: head.id,
      origin: asked.origin,
      stepName: asked.step,
      errorType: asked.errorType,
      errorSignature: asked.errorSignature,
      plainEnglishProblem: asked.problem,
      attemptsSummary: [...asked.attempts],
      recommendedAction: asked.recommendedAction,
      options: asked.options.map((option) => ({ ...option })),
      dueAt: asked.dueAt,
      onExpiry: asked.onExpiry,
      defaultOption: asked.defaultOption,
      createdAt: now,
    },
    select: { id: true },
  });
  const first = { workstreamId: workstream.id, stepName: asked.step, joinedAt: now };
  await tx.escalationWorkstream.createMany({
    data: [first, ...carried].map((participant, position) => ({
      ...participant,
      escalationId: id,
      runId: run.id,
      position,
    })),
  });
  // Whoever counts towards the same question starts anew after its answer.
  await tx.failureStreak.deleteMany({
    where: { errorSignature: asked.errorSignature, workstream: { runId: run.id } },
  });
  const paused = asked.origin === "BREAKER" ? await pauseRun(locked, id) : [];
  const waiting: NewEvent = {
    ...aboutEscalation({ id, runId: run.id, workstreamId: workstream.id }),
    type: "agent.waiting_for_input",
    toState: "PENDING",
    reason: truncate(asked.problem, MAX_SAMPLE),
    detail: {
      key: workstream.key,
      origin: asked.origin,
      errorType: asked.errorType,
      options: asked.options.map(({ value }) => value),
      dueAt: asked.dueAt?.toISOString() ?? null,
      carried: carried.length,
    },
  };
  // It may have been the one that was to try first for another question.
  const follows = await settleEscalations(locked);
  return { id, events: [...stopped, ...paused, waiting, ...follows] };
}

/** Has an answered escalation let go of all that wait for it. @returns them, in their order */
async function takeOver({ tx }: LockedWorkstream, escalationId: string) {
  const where = { escalationId, state: "STOPPED" };
  const waiting = await tx.escalationWorkstream.findMany({
    where,
    select: { workstreamId: true, stepName: true, joinedAt: true },
    orderBy: { position: "asc" },
  });
  if (waiting.length > 0) await tx.escalationWorkstream.updateMany({ where, data: { state: "LEFT" } });
  return waiting;
}
