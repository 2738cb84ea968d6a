import type { DueRow } from "../../domain/due.ts";
import { answerAtDeadline } from "../../domain/escalation/deadline.ts";
import type { ExpiryPolicy } from "../../domain/escalation/state.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import type { AgentEscalation, PrismaClient } from "../../generated/prisma/client.ts";
import { type LockedLog, runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutEscalation } from "./about.ts";
import { answerEscalation } from "./answer-escalation.ts";

const BATCH = 200;

interface OverdueRow {
  readonly id: string;
  readonly projectId: string;
  readonly dueAt: Date | null;
  readonly project: { readonly ownerId: string };
}

/**
 * Does with every escalation whose deadline has passed, by the given clock, or which is among `elapsed`, what its policy says: each in a
 * transaction of its own, the longest overdue first. Two workers at once do no harm: whoever comes second finds it done.
 *
 * @returns how many deadlines were applied
 * @throws AggregateError with the faults of those that could not be; the others have been
 */
export async function applyDeadlines(services: Services, elapsed: readonly DueRow[] = []): Promise<number> {
  const faults: unknown[] = [];
  let applied = 0;
  let last: OverdueRow | undefined;
  for (;;) {
    const due = await readDue(services, elapsed, last);
    for (const escalation of due) {
      try {
        if (await applyDeadline(services, escalation)) applied += 1;
      } catch (error) {
        faults.push(error);
      }
    }
    last = due.at(-1);
    if (due.length < BATCH) break;
  }
  if (faults.length > 0)
    throw new AggregateError(faults, "Deadlines of some escalations could not be applied");
  return applied;
}

/** The deadlines that pass after that moment, the earliest first. */
export async function readDeadlines(
  prisma: Pick<PrismaClient, "$queryRaw">,
  after: Date,
  limit: number,
): Promise<DueRow[]> {
  // The status stands in the text: only so it is certain that the index of open deadlines serves.
  return prisma.$queryRaw<DueRow[]>`
    SELECT e.id, e.due_at AS "dueAt" FROM agent_escalation e JOIN project p ON p.id = e.project_id
    WHERE e.status = 'PENDING' AND e.expired_at IS NULL AND e.due_at > ${after} AND p.archived_at IS NULL
    ORDER BY e.due_at, e.id
    LIMIT ${limit}`;
}

/** The next ones after those that were looked at: one that cannot be applied must not hide the rest. */
function readDue(
  { prisma, clock }: Services,
  elapsed: readonly DueRow[],
  after: OverdueRow | undefined,
): Promise<OverdueRow[]> {
  const byClock = { dueAt: { not: null, lte: clock.now() } };
  const due = elapsed.length === 0 ? byClock : { OR: [byClock, { id: { in: elapsed.map(({ id }) => id) } }] };
  const later = after?.dueAt && {
    OR: [{ dueAt: { gt: after.dueAt } }, { dueAt: after.dueAt, id: { gt: after.id } }],
  };
  return prisma.agentEscalation.findMany({
    where: {
      status: "PENDING",
      expiredAt: null,
      project: { archivedAt: null },
      AND: [due, later ?? {}],
    },
    select: { id: true, projectId: true, dueAt: true, project: { select: { ownerId: true } } },
    orderBy: [{ dueAt: "asc" }, { id: "asc" }],
    take: BATCH,
  });
}

async function applyDeadline(services: Services, { id, projectId, project }: OverdueRow): Promise<boolean> {
  const caller = {
    userId: project.ownerId,
    actor: "SYSTEM",
    correlationId: services.ids.next(),
    idempotencyKey: null,
  } as const;
  const request = { command: "applyDeadlines", projectId, input: {} };
  const { eventIds } = await runLockedCommand(services, caller, request, async (log) => {
    const escalation = await log.tx.agentEscalation.findUniqueOrThrow({ where: { id } });
    // Somebody may have answered it, or archived the project, since it was found.
    const open = escalation.status === "PENDING" && escalation.expiredAt === null && !log.head.archived;
    return { id, events: open ? await expire(log, escalation) : [] };
  });
  return eventIds.length > 0;
}

async function expire(log: LockedLog, escalation: AgentEscalation): Promise<NewEvent[]> {
  const { tx, now, head } = log;
  const { id, runId, onExpiry, defaultOption, dueAt } = escalation;
  const what = answerAtDeadline(onExpiry as ExpiryPolicy, defaultOption);
  const expired: NewEvent = {
    ...aboutEscalation(escalation),
    type: "agent.escalation_expired",
    detail: { policy: onExpiry, dueAt: dueAt?.toISOString() ?? null },
  };
  if (what.kind === "TELL") {
    const { count } = await tx.agentEscalation.updateMany({
      where: { id, expiredAt: null },
      data: { expiredAt: now },
    });
    if (count !== 1) throw new Error(`Escalation ${id} changed under its project's lock`);
    return [expired];
  }
  const run = await tx.run.findUniqueOrThrow({ where: { id: runId } });
  const decision = what.kind === "SKIP" ? null : what.decision;
  const answer = {
    decision,
    guidance: null,
    actor: "SYSTEM",
    userId: null,
    resolution: "DEADLINE",
  } as const;
  const locked = { ...log, run, sequence: head.eventSequence + 1 };
  return [expired, ...(await answerEscalation(locked, escalation, answer))];
}
