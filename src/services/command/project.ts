import { ConflictError, type EditsWouldBeLostError, type LockedTierError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { type Blocker, blockerOf } from "../../domain/guard.ts";
import { allowedStages } from "../../domain/stage/advance.ts";
import type { Journey } from "../../domain/stage/journey.ts";
import { computeGlobalProgress } from "../../domain/stage/progress.ts";
import { stageOf } from "../../domain/stage/stage.ts";
import type { Services } from "../services.ts";
import { toJourney } from "../stage/journey.ts";
import { type ProjectRow, projectRow, toProjectRow } from "../stage/project-row.ts";
import type { Caller, CommandResult, Transaction } from "./command.ts";
import { type Attempt, type LockedRequest, type Refused, refusedByRule, runLockedCommand } from "./locked.ts";
import type { ProjectChanges } from "./project-changes.ts";

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
  readonly changes?: ProjectChanges;
  /** Milestones as they are now, of the stages that changed: the progress follows from them. */
  readonly milestones?: Readonly<Record<number, Journey["setups"][number]["milestones"]>>;
}

/** A command and the project that it is about. */
export interface ProjectRequest extends LockedRequest {
  /** What to record when the project's state refuses it outright; a command on the project unless told. */
  readonly attempt?: Attempt;
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
  const reads = projectRow(request.projectId);
  return runLockedCommand(services, caller, { ...request, reads }, async ({ tx, now, read }) => {
    const row = toProjectRow(read);
    const journey = toJourney(row);
    if (journey.archived && !request.evenArchived) {
      const attempt = request.attempt ?? ({ subject: "STAGE", subjectId: row.id } as const);
      return refusedByGuard({ row, journey }, blockerOf("ARCHIVED"), attempt);
    }
    const verdict = await decide({ tx, row, journey, now });
    if ("refusal" in verdict) return verdict;
    return { ...verdict, changes: changesOf(verdict, journey), bumpsVersion: verdict.changes !== undefined };
  });
}

/** A refusal by a rule of the stage machine. */
export function refusedByGuard(
  project: Pick<LockedProject, "row" | "journey">,
  blocker: Blocker,
  about: Attempt & { readonly allowed?: readonly string[] },
): Refused {
  const from = stageOf(project.journey.stage).name;
  const allowed = about.allowed ?? allowedStages(project.journey);
  const { allowed: _allowed, ...attempt } = about;
  return refusedByRule({ ...blocker, from, to: about.to ?? null, allowed }, attempt);
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

function changesOf({ changes, milestones }: Accepted, journey: Journey): ProjectChanges {
  if (!milestones) return { ...changes };
  const all = Object.entries(journey.setups);
  const present = all.map(([stage, setup]) => milestones[Number(stage)] ?? setup.milestones);
  return { ...changes, progressPercent: computeGlobalProgress(present) };
}
