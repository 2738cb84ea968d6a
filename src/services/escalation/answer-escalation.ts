import { type AnswerEffect, effectOf } from "../../domain/escalation/option.ts";
import type { Resolution } from "../../domain/escalation/state.ts";
import type { Actor, NewEvent } from "../../domain/event/event.ts";
import { MAX_SAMPLE } from "../../domain/run/signature.ts";
import { truncate } from "../../domain/text.ts";
import type { AgentEscalation } from "../../generated/prisma/client.ts";
import { abandonRun } from "../run/abandon-run.ts";
import { aboutWorkstream } from "../run/about.ts";
import { mustBeMove } from "../run/must-be-move.ts";
import type { LockedRun } from "../run/run-command.ts";
import { settleRun } from "../run/settle-run.ts";
import { aboutEscalation } from "./about.ts";
import { resumeRun } from "./pause-run.ts";
import { settleEscalations } from "./settle-escalations.ts";

/** An answer, and whose it is. */
export interface Answer {
  /** The value of the option that is chosen; null to skip. */
  readonly decision: string | null;
  readonly guidance: string | null;
  /** Why it is skipped. */
  readonly reason?: string | null;
  readonly actor: Actor;
  /** The person; null for the system. */
  readonly userId: string | null;
  readonly resolution: Extract<Resolution, "ANSWER" | "DEADLINE">;
}

/**
 * Answers a pending escalation: closes it, and moves what it has stopped. Where the work goes on, the first that was
 * stopped tries first; where it is given up, the next of those that joined does; or the whole run is abandoned.
 * @returns the events
 */
export async function answerEscalation(
  locked: LockedRun,
  escalation: AgentEscalation,
  answer: Answer,
): Promise<NewEvent[]> {
  const { tx, now } = locked;
  const { decision, guidance, actor, userId, resolution, reason = guidance } = answer;
  const status = decision === null ? "SKIPPED" : "RESOLVED";
  const { count } = await tx.agentEscalation.updateMany({
    where: { id: escalation.id, status: "PENDING" },
    data: {
      status,
      founderDecision: decision,
      founderGuidance: guidance,
      resolution,
      resolvedAt: now,
      resolvedBy: userId,
      ...(resolution === "DEADLINE" && { expiredAt: now }),
    },
  });
  if (count !== 1) throw new Error(`Escalation ${escalation.id} changed under its project's lock`);
  const resolved: NewEvent = {
    ...aboutEscalation(escalation),
    type: "agent.escalation_resolved",
    actor,
    fromState: "PENDING",
    toState: status,
    reason: reason === null ? null : truncate(reason, MAX_SAMPLE),
    detail: { decision, resolution },
  };
  const effect: AnswerEffect = decision === null ? "GIVE_UP" : effectOf(decision);
  return [
    resolved,
    ...(await effects(locked, escalation, effect, { actor, reason: resolved.reason ?? null })),
  ];
}

async function effects(
  locked: LockedRun,
  escalation: AgentEscalation,
  effect: AnswerEffect,
  said: { readonly actor: Actor; readonly reason: string | null },
): Promise<NewEvent[]> {
  if (effect === "ABORT_RUN") return abandonRun(locked, { ...said, cause: "ESCALATION_ABORTED" });
  if (effect === "GO_ON") {
    const freed = await settleEscalations(locked);
    return [...freed, ...(await resumeRun(locked))];
  }
  const given = await giveUp(locked, escalation.workstreamId);
  const resumed = await resumeRun(locked);
  return [...given, ...resumed, ...(await settleRun(locked))];
}

/** Abandons the workstream that asked, unless it has ended meanwhile. @returns the event of it */
async function giveUp({ tx, run, now }: LockedRun, id: string): Promise<NewEvent[]> {
  mustBeMove("workstream", "BLOCKED", "ABANDONED");
  const [row] = await tx.$queryRaw<{ key: string }[]>`
    UPDATE workstream SET status = 'ABANDONED', blocked_by = NULL, ended_at = ${now}, updated_at = ${now}
    WHERE id = ${id}::uuid AND status = 'BLOCKED' AND blocked_by = 'ESCALATION'
    RETURNING key`;
  if (!row) return [];
  return [
    {
      ...aboutWorkstream({ id, runId: run.id }),
      type: "workstream_transition",
      actor: "SYSTEM",
      fromState: "BLOCKED",
      toState: "ABANDONED",
      detail: { key: row.key, cause: "ESCALATION_SKIPPED" },
    },
  ];
}
