import type { LoggedEvent } from "../../domain/event/event.ts";
import { GENESIS_HASH, hashEvent } from "../../domain/event/hash.ts";
import { createEventLog, replay } from "../../events/log.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";

/** The first place where a project's log is not what was written. */
export interface TimelineFault {
  /** Where it is: the sequence that is missing, changed, or should not be there. */
  readonly sequence: number;
  /** The event that was found there, if there is one. */
  readonly eventId: string | null;
  readonly problem: string;
}

export interface TimelineReport {
  readonly projectId: string;
  /** How many events were checked before the first fault. */
  readonly checked: number;
  readonly fault: TimelineFault | null;
}

/**
 * Walks a project's log from its first event: every sequence present, every hash the one that follows from
 * the event and its predecessor, and the last event the one that the project's row calls the newest.
 *
 * @returns null when there is no such project
 */
export async function verifyTimeline(
  prisma: PrismaClient,
  projectId: string,
): Promise<TimelineReport | null> {
  const project = await headOf(prisma, projectId);
  if (!project) return null;
  let sequence = 0;
  let hash = GENESIS_HASH;
  const report = (problem: string | null, eventId: string | null = null) => {
    const fault = problem === null ? null : { sequence: sequence + 1, eventId, problem };
    return { projectId, checked: sequence, fault };
  };
  for await (const row of replay(createEventLog(prisma), projectId, 0)) {
    if (sequence === project.eventSequence) {
      // A command may have committed since the head was read: its events are checked by the next walk.
      if ((await headOf(prisma, projectId))?.eventSequence !== sequence) break;
      return report("the project's row does not know this event", row.id);
    }
    if (row.sequence !== sequence + 1) return report(`event ${sequence + 1} is missing`);
    if (hashEvent(hash, row as LoggedEvent) !== row.hash) {
      return report("the event does not fit its hash: it or an earlier one has been changed", row.id);
    }
    sequence = row.sequence;
    hash = row.hash;
  }
  if (sequence < project.eventSequence) return report(`event ${sequence + 1} is missing`);
  if (hash !== project.eventHash) return report("the log does not end with the hash that the project has");
  return report(null);
}

function headOf(prisma: PrismaClient, id: string) {
  return prisma.project.findUnique({ where: { id }, select: { eventSequence: true, eventHash: true } });
}
