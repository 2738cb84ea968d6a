import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { type Refused, refusedByConflict } from "../command/locked.ts";
import { type Accepted, type LockedProject, runProjectCommand } from "../command/project.ts";
import type { Services } from "../services.ts";
import { aboutDiscussion, type DiscussionRow, isUnsaid, WITH_ROUNDS } from "./discussion.ts";

/** A discussion under its project's lock. */
export interface LockedDiscussion {
  readonly project: LockedProject;
  readonly row: DiscussionRow;
  readonly about: ReturnType<typeof aboutDiscussion>;
}

interface DiscussionRequest {
  readonly command: string;
  readonly input: { readonly discussionId: string };
  readonly unrecorded?: readonly string[];
}

/**
 * A command of a person on one discussion: locks its project, refuses when the discussion is completed, and lets `decide`
 * do the rest.
 *
 * @throws NotFoundError when there is no such discussion or it is someone else's
 */
export async function runDiscussionCommand(
  services: Services,
  caller: Caller,
  { command, input, unrecorded = [] }: DiscussionRequest,
  decide: (discussion: LockedDiscussion) => Promise<Accepted | Refused>,
): Promise<CommandResult> {
  const { discussionId } = input;
  const projectId = await projectOfDiscussion(services, discussionId, caller);
  const about = aboutDiscussion(discussionId);
  // The event is about the discussion: its id need not stand in the input again.
  const request = {
    command,
    projectId,
    input,
    attempt: about,
    unrecorded: ["discussionId", ...unrecorded],
  };
  return runProjectCommand(services, caller, request, async (project) => {
    const row = await project.tx.discussion.findUniqueOrThrow({
      where: { id: discussionId },
      include: WITH_ROUNDS,
    });
    if (row.status === "COMPLETED") {
      const message = "The discussion is completed: it accepts no further command.";
      return refusedByConflict(new ConflictError(message, "COMPLETED"), about);
    }
    return decide({ project, row, about });
  });
}

/** @throws NotFoundError when there is no such discussion or it is someone else's */
export async function projectOfDiscussion(
  { prisma }: Pick<Services, "prisma">,
  id: string,
  asker: Asker,
): Promise<string> {
  const discussion = await prisma.discussion.findUnique({
    where: { id, project: projectsSeenBy(asker) },
    select: { projectId: true },
  });
  if (!discussion) throw new NotFoundError("There is no such discussion.");
  return discussion.projectId;
}

const BUSY = {
  ROUND: "A round is being held. Wait until it is over.",
  SUMMARY: "A summary is being written. Wait until it is there.",
} as const;

/** The refusal of something while the discussion does something else; null when it rests. */
export function refusedWhileBusy({ row: { activity }, about }: LockedDiscussion): Refused | null {
  if (activity !== "ROUND" && activity !== "SUMMARY") return null;
  return refusedByConflict(new ConflictError(BUSY[activity], activity), about);
}

/** The refusal of something while a model is still to answer a person; null when nobody is. */
export function refusedWhileAsked({ row, about }: LockedDiscussion): Refused | null {
  const open = row.rounds.flatMap(({ messages }) => messages).filter(isUnsaid);
  if (open.length === 0) return null;
  const names = [...new Set(open.map(({ model }) => model))].join(", ");
  const message = `Somebody was asked by name and has not answered yet: ${names}. Wait until they have.`;
  return refusedByConflict(new ConflictError(message, "ANSWERING"), about);
}
