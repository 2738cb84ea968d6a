import { BREAKER_THRESHOLD, judgeFailure } from "../../domain/escalation/breaker.ts";
import { dueAfter } from "../../domain/escalation/deadline.ts";
import { DEFAULT_OPTIONS } from "../../domain/escalation/option.ts";
import { describeProblem, type Failure, headlineOf } from "../../domain/escalation/problem.ts";
import { escalationSignature } from "../../domain/escalation/signature.ts";
import type { BreakerPolicy } from "../../domain/escalation/state.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import { aboutWorkstream } from "../run/about.ts";
import type { LockedWorkstream } from "../run/run-command.ts";
import type { Services } from "../services.ts";
import type { Advice } from "./advice.ts";
import { joinEscalation } from "./join-escalation.ts";
import { openEscalation } from "./open-escalation.ts";

/** A failure that an agent has recorded. */
export interface RecordedFailure {
  readonly step: string;
  readonly errorCode: string;
  readonly message: string;
  /** SHA-256 of the normalised message, in hex. */
  readonly hash: string;
}

/**
 * What follows from a failure: the agent tries again, until the third failure of the same signature asks a person;
 * where that question is open already, the workstream joins it. @returns what the agent is to do, and the events
 */
export async function afterFailure(
  services: Services,
  locked: LockedWorkstream,
  { step, errorCode, message, hash }: RecordedFailure,
): Promise<{ readonly advice: Advice; readonly events: NewEvent[] }> {
  const { head, run, workstream, now } = locked;
  const errorSignature = escalationSignature(head.id, errorCode, hash);
  const failure: Failure = {
    step,
    agent: workstream.leaseHolder ?? "An agent",
    headline: headlineOf(message),
  };
  const open = await findOpen(locked, errorSignature);
  const earlier = open ? [] : await readStreak(locked, errorSignature);
  const failures = [...earlier, failure];
  const triesFirst = open?.triesFirst === workstream.id;
  const verdict = judgeFailure({ failures: failures.length, open: open && { triesFirst } });
  if (verdict === "RETRY") {
    await writeStreak(locked, errorSignature, failures);
    const attempt = failures.length + 1;
    const retrying: NewEvent = {
      ...aboutWorkstream(workstream),
      type: "agent.retrying",
      actor: "SYSTEM",
      detail: { key: workstream.key, step, errorCode, attempt, of: BREAKER_THRESHOLD },
    };
    return { advice: { next: "RETRY", attempt }, events: [retrying] };
  }
  if (verdict === "JOIN" && open) {
    const events = await joinEscalation(locked, open, step);
    return { advice: { next: "WAIT", escalationId: open.id }, events };
  }
  const previousDecision = open && (open.decision ?? "skip");
  const question = describeProblem({
    workstream: workstream.title,
    step,
    errorCode,
    failures,
    previousDecision,
  });
  const { id, events } = await openEscalation(services, locked, {
    ...question,
    origin: "BREAKER",
    step,
    errorType: errorCode,
    errorSignature,
    options: DEFAULT_OPTIONS,
    dueAt: dueAfter(now, run.answerWithin),
    onExpiry: run.onExpiry as BreakerPolicy,
    defaultOption: null,
    ...(open && { replaces: open.id }),
  });
  return { advice: { next: "WAIT", escalationId: id }, events };
}

/** The escalation of a signature that waits for its answer, or for the one that tries first. */
async function findOpen({ tx, run }: LockedWorkstream, errorSignature: string) {
  const escalation = await tx.agentEscalation.findFirst({
    where: {
      runId: run.id,
      errorSignature,
      OR: [{ status: "PENDING" }, { stopped: { some: { state: "TRYING" } } }],
    },
    select: {
      id: true,
      runId: true,
      founderDecision: true,
      stopped: { where: { state: "TRYING" }, select: { workstreamId: true } },
    },
    // While one that is answered is still tried, no other of its signature is opened: there is one at the most.
    orderBy: { id: "desc" },
  });
  if (!escalation) return null;
  const { id, runId, founderDecision: decision, stopped } = escalation;
  return { id, runId, decision, triesFirst: stopped[0]?.workstreamId ?? null };
}

async function readStreak({ tx, workstream }: LockedWorkstream, errorSignature: string): Promise<Failure[]> {
  const streak = await tx.failureStreak.findUnique({
    where: { workstreamId_errorSignature: { workstreamId: workstream.id, errorSignature } },
  });
  return (streak?.failures ?? []) as unknown as Failure[];
}

async function writeStreak(
  { tx, workstream }: LockedWorkstream,
  errorSignature: string,
  given: readonly Failure[],
): Promise<void> {
  const key = { workstreamId: workstream.id, errorSignature };
  const failures = given as unknown as Prisma.InputJsonArray;
  await tx.failureStreak.upsert({
    where: { workstreamId_errorSignature: key },
    create: { ...key, failures },
    update: { failures },
  });
}
