import type { LoggedEvent } from "../../domain/event/event.ts";
import { EVENT_COLUMNS, eventRows, type LogHead } from "../../events/chain.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Transaction } from "./command.ts";
import { type IdempotentRequest, type StoredOutcome, storeOutcome } from "./idempotency.ts";
import { assignmentsOf, type ProjectChanges } from "./project-changes.ts";

/** What a command leaves behind at its end: in its project's row and log, and under its idempotency key. */
export interface Ending {
  readonly log: {
    /** The end of the log as it was read under the lock. */
    readonly head: LogHead;
    readonly events: readonly LoggedEvent[];
    readonly changes: ProjectChanges;
    /** Whether it makes a new version of the project. */
    readonly bumpsVersion: boolean;
    readonly at: Date;
  } | null;
  readonly key: { readonly request: IdempotentRequest; readonly outcome: StoredOutcome } | null;
}

interface Counts {
  readonly saved: number;
  readonly appended: number;
  readonly kept: number;
}

/**
 * Writes all that in one statement: the project's row, compare-and-set on the head of its log, and only with it the
 * events and the outcome.
 *
 * The caller holds the project's row lock. That, and the new head on the row that the events come with, is what makes the
 * sequence gapless and the chain whole.
 *
 * @throws Error when the head of the log is another one, or the key is not the command's: then nothing may be committed
 */
export async function settle(tx: Transaction, { log, key }: Ending): Promise<void> {
  const parts: Prisma.Sql[] = [];
  if (log) parts.push(Prisma.sql`saved AS (${saveProject(log)})`);
  const events = log?.events ?? [];
  if (events.length > 0) {
    const rows = Prisma.sql`SELECT e.* FROM saved, (${eventRows(events)}) e`;
    parts.push(Prisma.sql`appended AS (INSERT INTO event (${EVENT_COLUMNS}) ${rows} RETURNING 1)`);
  }
  if (key) {
    const onlyWith = log ? Prisma.sql`AND EXISTS (SELECT 1 FROM saved)` : Prisma.empty;
    parts.push(Prisma.sql`kept AS (${storeOutcome(key.request, key.outcome)} ${onlyWith} RETURNING 1)`);
  }
  if (parts.length === 0) return;
  const [counts] = await tx.$queryRaw<Counts[]>`WITH ${Prisma.join(parts)} SELECT
    ${log ? countOf("saved") : NONE} AS saved,
    ${events.length > 0 ? countOf("appended") : NONE} AS appended,
    ${key ? countOf("kept") : NONE} AS kept`;
  const { saved, appended, kept } = counts ?? { saved: 0, appended: 0, kept: 0 };
  if (log && (saved !== 1 || appended !== events.length))
    throw new Error(`Project ${log.head.projectId} changed under its own lock`);
  if (key && kept !== 1) throw new Error("An idempotency key was lost under its own command");
}

const NONE = Prisma.sql`0`;

function countOf(part: "saved" | "appended" | "kept"): Prisma.Sql {
  return Prisma.sql`(SELECT count(*)::int FROM ${Prisma.raw(part)})`;
}

function saveProject({ head, events, changes, bumpsVersion, at }: NonNullable<Ending["log"]>): Prisma.Sql {
  const newest = events.at(-1) ?? head;
  const assignments = [
    Prisma.sql`updated_at = ${at}`,
    Prisma.sql`event_sequence = ${newest.sequence}`,
    Prisma.sql`event_hash = ${newest.hash}`,
    ...(bumpsVersion ? [Prisma.sql`version = version + 1`] : []),
    ...assignmentsOf(changes),
  ];
  return Prisma.sql`UPDATE project SET ${Prisma.join(assignments)}
    WHERE id = ${head.projectId}::uuid AND event_sequence = ${head.sequence} RETURNING 1`;
}
