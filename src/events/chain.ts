import type { Actor, JsonObject, LoggedEvent, NewEvent } from "../domain/event/event.ts";
import { hashEvent } from "../domain/event/hash.ts";
import { Prisma } from "../generated/prisma/client.ts";

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

/** Gives events their places at the end of a project's log. They are in it when they and the new head are stored together. */
export function chainEvents(
  head: LogHead,
  events: readonly NewEvent[],
  { actor, correlationId, at }: Provenance,
  nextId: () => string,
): LoggedEvent[] {
  let previousHash = head.hash;
  return events.map((event, index) => {
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
}

/** The columns of the log's table in the order in which `eventRows` gives them. */
export const EVENT_COLUMNS = Prisma.sql`id, project_id, sequence, correlation_id, subject, subject_id,
  run_id, workstream_id, type, from_state, to_state, actor, reason, detail, hash, created_at`;

/** Events as rows, for a statement whose text is the same however many they are. Their columns are EVENT_COLUMNS. */
export function eventRows(events: readonly LoggedEvent[]): Prisma.Sql {
  const rows = JSON.stringify(events);
  return Prisma.sql`SELECT * FROM json_to_recordset(${rows}::json) AS e(
    id uuid, "projectId" uuid, sequence int, "correlationId" uuid, subject text, "subjectId" uuid,
    "runId" uuid, "workstreamId" uuid, type text, "fromState" text, "toState" text, actor text, reason text,
    detail jsonb, hash text, "createdAt" timestamptz)`;
}
