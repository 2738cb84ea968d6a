import { PERMISSIONS, type Role } from "../../domain/account/permissions.ts";
import {
  ConflictError,
  EditsWouldBeLostError,
  GuardRejectedError,
  type GuardRejection,
  LockedTierError,
  NotFoundError,
  type Refusal,
} from "../../domain/errors.ts";
import type { JsonObject, NewEvent } from "../../domain/event/event.ts";
import type { EventType } from "../../domain/event/types.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import { type Asker, seesProject } from "../account/seen-by.ts";
import type { Services } from "../services.ts";
import type { Caller, CommandResult, Outcome, Transaction } from "./command.ts";
import { isSystem, missingPermission, permissionFor, readAlone, roleOf } from "./permission.ts";
import type { ProjectChanges } from "./project-changes.ts";
import { runCommand } from "./run.ts";

/** What a project's row says under its lock: the end of its log, and whether it is open for commands. */
export interface ProjectHead {
  readonly id: string;
  readonly ownerId: string;
  readonly status: string;
  readonly archived: boolean;
  readonly eventSequence: number;
  readonly eventHash: string;
}

/** A project's log under the project's row lock. */
export interface LockedLog {
  readonly tx: Transaction;
  readonly head: ProjectHead;
  readonly now: Date;
  /** The caller's role in the project; null for the system, and for whoever is about to join. */
  readonly role: Role | null;
  /** What the request's `reads` came to, as it is under the lock. */
  readonly read: unknown;
}

/** The command goes through: these events, and these changes to the project's own row. */
export interface AcceptedLog {
  readonly id: string;
  readonly part?: string;
  /** When there are none and no changes either, the project's row stays as it is. */
  readonly events: readonly NewEvent[];
  readonly changes?: ProjectChanges;
  /** Whether clients see the changes as the project's own: then they make a new version. */
  readonly bumpsVersion?: boolean;
  /** The users whose rights it changes. */
  readonly accessChanged?: readonly string[];
}

/** The command is refused: this is recorded, and nothing else happens. */
export interface Refused {
  readonly refusal: Refusal;
  readonly event: NewEvent;
}

/** What a refusal is recorded as: about what, and which state was asked for. */
export type Attempt = Pick<NewEvent, "subject" | "subjectId" | "runId" | "workstreamId"> & {
  readonly type?: EventType;
  readonly to?: string;
};

/** A command and the project in whose log it is recorded. */
export interface LockedRequest {
  readonly command: string;
  readonly projectId: string;
  readonly input: object;
  /** The fields of the input that a refusal's event leaves out: what is secret, or too large for the log. */
  readonly unrecorded?: readonly string[];
  /** Whether the caller gives it as an administrator, who need not be a member. */
  readonly asAdministrator?: boolean;
  /** Whether a refusal is recorded, which it is unless told. */
  readonly recordsRefusals?: boolean;
  /** What is read with the caller's role, once the lock is held: an expression of SQL that gives one JSON value. */
  readonly reads?: Prisma.Sql;
}

/**
 * A command under a project's row lock: lets the rules decide, writes the events and the project's row
 * (compare-and-set on the head of its log), all in one transaction.
 *
 * @param decide writes what belongs to the command and says what happened; it must refuse before it writes
 * Who may not give it is refused, on record; the role counts that the caller has once the lock is theirs.
 *
 * @throws NotFoundError when there is no such project or it is someone else's; GuardRejectedError (NOT_PERMITTED)
 */
export function runLockedCommand(
  services: Services,
  caller: Caller,
  request: LockedRequest,
  decide: (log: LockedLog) => Promise<AcceptedLog | Refused>,
): Promise<CommandResult> {
  const { command, projectId, input, asAdministrator = false } = request;
  const joins = !isSystem(caller) && PERMISSIONS[permissionFor(command, input)].roles === null;
  const standing = async (tx: Transaction, reads?: Prisma.Sql) => {
    if (isSystem(caller)) return { role: null, read: reads ? await readAlone(tx, reads) : null };
    const found = await roleOf(tx, caller, projectId, services.clock.now(), reads);
    if (found === undefined || (found.role === null && !joins && !asAdministrator))
      throw new NotFoundError(NO_PROJECT);
    return found;
  };
  const body = async (tx: Transaction): Promise<Outcome> => {
    const head = await lockProject(
      tx,
      projectId,
      joins || asAdministrator || isSystem(caller) ? null : caller,
    );
    const { role, read } = await standing(tx, request.reads);
    const now = services.clock.now();
    const missing = asAdministrator ? null : missingPermission(caller, command, input, role);
    const verdict = missing
      ? refusedByPermission(missing, projectId)
      : await decide({ tx, head, now, role, read });
    const refused = "refusal" in verdict;
    const silent = refused && request.recordsRefusals === false;
    // Whoever may not write to the project does not write to its log either: not their input, that they tried.
    const told = missing ? { ...request, input: {} } : request;
    const events = silent ? [] : refused ? [refusalEvent(verdict, told)] : verdict.events;
    const changes = refused ? undefined : verdict.changes;
    const bumpsVersion = !refused && verdict.bumpsVersion === true;
    const end = { projectId, sequence: head.eventSequence, hash: head.eventHash };
    const isTouched = changes !== undefined || events.length > 0;
    const log = isTouched ? { head: end, events, changes: changes ?? {}, bumpsVersion, at: now } : null;
    return refused
      ? { id: projectId, log, refusal: verdict.refusal }
      : { id: verdict.id, part: verdict.part, log, accessChanged: verdict.accessChanged };
  };
  return runCommand(services, caller, command, input, body, async (tx) => void (await standing(tx)));
}

const NO_PROJECT = "There is no such project.";

/** The refusal of somebody who may see the project and not do this to it. */
function refusedByPermission(rejection: GuardRejection, projectId: string): Refused {
  const event = { subject: "STAGE", subjectId: projectId, type: "command_rejected" } as const;
  return { refusal: new GuardRejectedError(rejection), event };
}

/** A refusal because of what somebody else did in the meantime. */
export function refusedByConflict(
  refusal: ConflictError,
  { to, type = "command_rejected", ...about }: Attempt,
): Refused {
  const fromState = refusal.currentState.slice(0, 50);
  return { refusal, event: { ...about, type, fromState, toState: to ?? null } };
}

/** The same refusal with one more sentence, if there is one, at the end of its message. */
export function withReason({ refusal, event }: Refused, sentence: string | null): Refused {
  if (sentence === null) return { refusal, event };
  const message = `${refusal.message} ${sentence}`;
  if (refusal instanceof GuardRejectedError) {
    return { event, refusal: new GuardRejectedError({ ...refusal.rejection, message }) };
  }
  if (!(refusal instanceof ConflictError)) return { refusal, event };
  const { currentState, currentVersion, decided, attemptId } = refusal;
  return { event, refusal: new ConflictError(message, currentState, currentVersion, decided, attemptId) };
}

/** A refusal by a rule of a machine; the caller says which state things are in and what could be asked for. */
export function refusedByRule(
  rejection: GuardRejectedError["rejection"],
  { type = "command_rejected", to: _asked, ...about }: Attempt,
): Refused {
  const { from: fromState, to: toState } = rejection;
  return { refusal: new GuardRejectedError(rejection), event: { ...about, type, fromState, toState } };
}

interface HeadRow {
  readonly id: string;
  readonly owner_id: string;
  readonly status: string;
  readonly archived: boolean;
  readonly event_sequence: number;
  readonly event_hash: string;
}

/** @param asker who must see the project, before the lock is waited for; null when nobody has to */
async function lockProject(tx: Transaction, id: string, asker: Asker | null): Promise<ProjectHead> {
  const seen = asker ? Prisma.sql`AND ${seesProject(asker)}` : Prisma.empty;
  // A row that had to be waited for is given as the last holder of the lock left it; whatever else a command
  // reads it reads in later statements, which then see what that holder committed.
  // NO KEY: rows elsewhere may go on being made that only refer to the project.
  const [row] = await tx.$queryRaw<HeadRow[]>`
    SELECT p.id, p.owner_id, p.status, p.archived_at IS NOT NULL AS archived, p.event_sequence, p.event_hash
    FROM project p WHERE p.id = ${id}::uuid ${seen} FOR NO KEY UPDATE OF p`;
  if (!row) throw new NotFoundError(NO_PROJECT);
  return {
    id: row.id,
    ownerId: row.owner_id,
    status: row.status,
    archived: row.archived,
    eventSequence: row.event_sequence,
    eventHash: row.event_hash,
  };
}

/** What was refused, and why; the ids that the event has already are left out, and what the log may not hold. */
function refusalEvent(
  { refusal, event }: Refused,
  { command, input, unrecorded = [] }: LockedRequest,
): NewEvent {
  const given: JsonObject = JSON.parse(JSON.stringify(input));
  const hidden = [
    "projectId",
    "gateId",
    "artifactId",
    "runId",
    "workstreamId",
    "attemptId",
    "escalationId",
    "risk",
    ...unrecorded,
  ];
  const asked = Object.fromEntries(Object.entries(given).filter(([field]) => !hidden.includes(field)));
  return { ...event, reason: refusal.message, detail: { command, rule: ruleOf(refusal), input: asked } };
}

/** The rule that an event names for a refusal. */
function ruleOf(refusal: Refusal): string {
  if (refusal instanceof GuardRejectedError) return refusal.rejection.rule;
  if (refusal instanceof EditsWouldBeLostError) return "EDITS_WOULD_BE_LOST";
  return refusal instanceof LockedTierError ? "LOCKED_TIER" : "CONFLICT";
}
