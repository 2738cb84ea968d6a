import type { Actor, JsonObject, LoggedEvent, NewEvent } from "../domain/event/event.ts";
import { hashEvent } from "../domain/event/hash.ts";
import type { Prisma } from "../generated/prisma/client.ts";

/** The end of a project's log: what the next event is chained to. */
export interface LogHead {
  readonly projectId: string;
  readonly sequence: number;
  readonly hash: string;
}

/** What all events of one command have in common. */
export interface Provenance {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly at: Date;
}

/**
 * Writes events at the end of a project's log, in one statement, and returns them with their places.
 *
 * The caller holds the project's row lock and stores the last event's sequence and hash on that row before
 * it commits: that is what makes the sequence gapless and the chain whole.
 */
export async function appendEvents(
  tx: Prisma.TransactionClient,
  head: LogHead,
  events: readonly NewEvent[],
  { actor, correlationId, at }: Provenance,
  nextId: () => string,
): Promise<LoggedEvent[]> {
  let previousHash = head.hash;
  const logged = events.map((event, index) => {
    const unhashed = {
      id: nextId(),
      projectId: head.projectId,
      sequence: head.sequence + index + 1,
      correlationId,
      subject: event.subject,
      subjectId: event.subjectId,
      runId: event.runId ?? null,
      workstreamId: event.workstreamId ?? null,
      type: event.type,
      fromState: event.fromState ?? null,
      toState: event.toState ?? null,
      actor: event.actor ?? actor,
      reason: event.reason ?? null,
      detail: event.detail ?? ({} satisfies JsonObject),
      createdAt: at,
    };
    previousHash = hashEvent(previousHash, unhashed);
    return { ...unhashed, hash: previousHash };
  });
  await tx.event.createMany({
    data: logged.map((event) => ({ ...event, detail: event.detail as Prisma.InputJsonObject })),
  });
  return logged;
}
