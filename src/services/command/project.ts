import {
  ConflictError,
  EditsWouldBeLostError,
  GuardRejectedError,
  LockedTierError,
  NotFoundError,
  type Refusal,
} from "../../domain/errors.ts";
import type { JsonObject, NewEvent } from "../../domain/event/event.ts";
import type { EventType } from "../../domain/event/types.ts";
import { type Blocker, blockerOf } from "../../domain/guard.ts";
import { allowedStages } from "../../domain/stage/advance.ts";
import type { Journey } from "../../domain/stage/journey.ts";
import { computeGlobalProgress } from "../../domain/stage/progress.ts";
import { stageOf } from "../../domain/stage/stage.ts";
import { appendEvents } from "../../events/append.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { Services } from "../services.ts";
import { JOURNEY_RELATIONS, toJourney } from "../stage/journey.ts";
import type { Caller, CommandResult, Transaction } from "./command.ts";
import { runCommand } from "./run.ts";

export type ProjectRow = Prisma.ProjectGetPayload<{ include: typeof JOURNEY_RELATIONS }>;

/** A project under its row lock: what a command decides on. */
export interface LockedProject {
  readonly tx: Transaction;
  readonly row: ProjectRow;
  readonly journey: Journey;
  readonly now: Date;
}

/** The command goes through: these events, and these changes to the project's own row. */
export interface Accepted {
  readonly id: string;
  readonly part?: string;
  readonly events: readonly NewEvent[];
  /** Fields that clients see as the project's own: changing them makes a new version. */
  readonly changes?: Prisma.ProjectUncheckedUpdateManyInput;
  /** Milestones as they are now, of the stages that changed: the progress follows from them. */
  readonly milestones?: Readonly<Record<number, Journey["setups"][number]["milestones"]>>;
}

/** The command is refused: this is recorded, and nothing else happens. */
export interface Refused {
  readonly refusal: Refusal;
  readonly event: NewEvent;
}

/** What a refusal is recorded as: about what, and which state was asked for. */
export type Attempt = Pick<NewEvent, "subject" | "subjectId"> & {
  readonly type?: EventType;
  readonly to?: string;
};

/** A command and the project that it is about. */
export interface ProjectRequest {
  readonly command: string;
  readonly projectId: string;
  readonly input: object;
  /** What to record when the project's state refuses it outright; a command on the project unless told. */
  readonly attempt?: Attempt;
  /** The fields of the input that a refusal's event leaves out: text that not every reader of the log may see. */
  readonly unrecorded?: readonly string[];
  /** For what the system itself has to bring to an end. */
  readonly evenArchived?: boolean;
}

/**
 * A command on a project: locks its row, lets the rules decide, writes the events and the project's row
 * (compare-and-set on the head of its log), all in one transaction.
 *
 * @param decide writes what belongs to the command and says what happened; it must refuse before it writes
 * @throws NotFoundError when there is no such project or it is someone else's
 */
export function runProjectCommand(
  services: Services,
  caller: Caller,
  request: ProjectRequest,
  decide: (project: LockedProject) => Promise<Accepted | Refused>,
): Promise<CommandResult> {
  const { command, projectId, input, attempt, evenArchived = false } = request;
  return runCommand(services, caller, command, input, async (tx) => {
    const row = await lockProject(tx, projectId, caller.userId);
    const now = services.clock.now();
    const journey = toJourney(row);
    const verdict =
      journey.archived && !evenArchived
        ? refusedByGuard(
            { row, journey },
            blockerOf("ARCHIVED"),
            attempt ?? { subject: "STAGE", subjectId: row.id },
          )
        : await decide({ tx, row, journey, now });
    const refused = "refusal" in verdict;
    const drafts = refused ? [refusalEvent(verdict, request)] : verdict.events;
    const head = { projectId, sequence: row.eventSequence, hash: row.eventHash };
    const events = await appendEvents(tx, head, drafts, { ...caller, at: now }, () => services.ids.next());
    await saveProject(tx, row, refused ? {} : changesOf(verdict, journey, now), events.at(-1));
    const outcome = { ownerId: row.ownerId, events };
    return refused
      ? { ...outcome, id: projectId, refusal: verdict.refusal }
      : { ...outcome, id: verdict.id, part: verdict.part };
  });
}

/** A refusal by a rule of the stage machine. */
export function refusedByGuard(
  project: Pick<LockedProject, "row" | "journey">,
  blocker: Blocker,
  about: Attempt & { readonly allowed?: readonly string[] },
): Refused {
  const from = stageOf(project.journey.stage).name;
  const { subject, subjectId, type = "command_rejected", to = null } = about;
  const allowed = about.allowed ?? allowedStages(project.journey);
  const refusal = new GuardRejectedError({ ...blocker, from, to, allowed });
  return { refusal, event: { subject, subjectId, type, fromState: from, toState: to } };
}

/** A refusal because of what somebody else did in the meantime. */
export function refusedByConflict(
  refusal: ConflictError,
  { subject, subjectId, type = "command_rejected", to }: Attempt,
): Refused {
  const fromState = refusal.currentState.slice(0, 50);
  return { refusal, event: { subject, subjectId, type, fromState, toState: to ?? null } };
}

/** A refusal for the sake of a document: people's edits would be lost, or the plan does not open a section. */
export function refusedByDocument(
  refusal: EditsWouldBeLostError | LockedTierError,
  { subject, subjectId, type = "command_rejected" }: Attempt,
): Refused {
  return { refusal, event: { subject, subjectId, type } };
}

/** The refusal of an edit of something that has been edited since the client read it, if it has been. */
export function staleVersion(
  what: string,
  expected: number | undefined,
  current: number,
): ConflictError | null {
  if (expected === undefined || expected === current) return null;
  const message = `${what} has been changed: you expected version ${expected}, it is at version ${current}. Read it again.`;
  return new ConflictError(message, `version ${current}`, current);
}

async function lockProject(tx: Transaction, id: string, ownerId: string): Promise<ProjectRow> {
  // The lock comes first, in a statement of its own: the next one then sees what the last holder committed.
  // NO KEY: rows elsewhere may go on being made that only refer to the project.
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM project WHERE id = ${id}::uuid AND owner_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
  if (locked.length === 0) throw new NotFoundError("There is no such project.");
  return tx.project.findUniqueOrThrow({ where: { id }, include: JOURNEY_RELATIONS });
}

/** What was refused, and why; the ids that the event has already are left out, and what the log may not hold. */
function refusalEvent(
  { refusal, event }: Refused,
  { command, input, unrecorded = [] }: ProjectRequest,
): NewEvent {
  const given: JsonObject = JSON.parse(JSON.stringify(input));
  const hidden = ["projectId", "gateId", "artifactId", "risk", ...unrecorded];
  const asked = Object.fromEntries(Object.entries(given).filter(([field]) => !hidden.includes(field)));
  return { ...event, reason: refusal.message, detail: { command, rule: ruleOf(refusal), input: asked } };
}

/** The rule that an event names for a refusal. */
function ruleOf(refusal: Refusal): string {
  if (refusal instanceof GuardRejectedError) return refusal.rejection.rule;
  if (refusal instanceof EditsWouldBeLostError) return "EDITS_WOULD_BE_LOST";
  return refusal instanceof LockedTierError ? "LOCKED_TIER" : "CONFLICT";
}

function changesOf(
  { changes, milestones }: Accepted,
  journey: Journey,
  now: Date,
): Prisma.ProjectUncheckedUpdateManyInput {
  const update: Prisma.ProjectUncheckedUpdateManyInput = { updatedAt: now };
  if (changes) Object.assign(update, changes, { version: { increment: 1 } });
  if (milestones) {
    update.progressPercent = computeGlobalProgress(
      Object.entries(journey.setups).map(([stage, setup]) => milestones[Number(stage)] ?? setup.milestones),
    );
  }
  return update;
}

async function saveProject(
  tx: Transaction,
  row: ProjectRow,
  changes: Prisma.ProjectUncheckedUpdateManyInput,
  newest: { sequence: number; hash: string } | undefined,
): Promise<void> {
  const { count } = await tx.project.updateMany({
    where: { id: row.id, eventSequence: row.eventSequence },
    data: { ...changes, ...(newest && { eventSequence: newest.sequence, eventHash: newest.hash }) },
  });
  if (count !== 1) throw new Error(`Project ${row.id} changed under its own lock`);
}
