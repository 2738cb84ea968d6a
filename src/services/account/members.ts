import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { ProjectMember } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult, Transaction } from "../command/command.ts";
import {
  type AcceptedLog,
  type LockedLog,
  type Refused,
  refusedByConflict,
  refusedByRule,
  runLockedCommand,
} from "../command/locked.ts";
import type { Services } from "../services.ts";

/**
 * Gives a member another role. It counts at once: whoever waits for the project's lock meanwhile is judged by the new one.
 *
 * @throws ValidationError, NotFoundError; GuardRejectedError (NOT_PERMITTED, ONE_OWNER); ConflictError when they have it
 */
export async function changeMemberRole(
  services: Services,
  caller: Caller,
  raw: AccountInput<"changeMemberRole">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.changeMemberRole, raw);
  const { projectId, userId, role } = input;
  const request = { command: "changeMemberRole", projectId, input };
  return runLockedCommand(services, caller, request, async (log) => {
    const member = await memberOf(log.tx, projectId, userId);
    if (member.role === "OWNER") return refusedAsOwner(projectId);
    if (member.role === role) {
      const conflict = new ConflictError(`The member has the role ${role} already.`, role);
      return refusedByConflict(conflict, aboutProject(projectId));
    }
    await log.tx.projectMember.updateMany({
      where: { projectId, userId },
      data: { role, updatedAt: log.now },
    });
    const event: NewEvent = {
      ...aboutProject(projectId),
      type: "member_role_changed",
      fromState: member.role,
      toState: role,
      detail: { user: userId },
    };
    return { id: projectId, part: userId, events: [event], accessChanged: [userId] };
  });
}

/**
 * Takes a membership away, with the member's keys for that project. What they have open there ends.
 *
 * @throws ValidationError, NotFoundError; GuardRejectedError (NOT_PERMITTED, ONE_OWNER)
 */
export async function removeMember(
  services: Services,
  caller: Caller,
  raw: AccountInput<"removeMember">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.removeMember, raw);
  const { projectId, userId } = input;
  const request = { command: "removeMember", projectId, input };
  return runLockedCommand(services, caller, request, (log) => endMembership(log, userId));
}

/**
 * Gives the caller's own membership up.
 *
 * @throws ValidationError, NotFoundError; GuardRejectedError (ONE_OWNER) for the owner
 */
export async function leaveProject(
  services: Services,
  caller: Caller,
  raw: AccountInput<"leaveProject">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.leaveProject, raw);
  const request = { command: "leaveProject", projectId: input.projectId, input };
  return runLockedCommand(services, caller, request, (log) => endMembership(log, caller.userId));
}

async function endMembership(
  { tx, head: { id: projectId }, now }: LockedLog,
  userId: string,
): Promise<AcceptedLog | Refused> {
  const member = await memberOf(tx, projectId, userId);
  if (member.role === "OWNER") return refusedAsOwner(projectId);
  await tx.projectMember.deleteMany({ where: { projectId, userId } });
  // A key that opened nothing else would come back to life with the next invitation.
  await tx.apiKey.updateMany({ where: { projectId, userId, revokedAt: null }, data: { revokedAt: now } });
  const event: NewEvent = {
    ...aboutProject(projectId),
    type: "member_removed",
    fromState: member.role,
    detail: { user: userId },
  };
  return { id: projectId, part: userId, events: [event], accessChanged: [userId] };
}

export function aboutProject(projectId: string) {
  return { subject: "STAGE", subjectId: projectId } as const;
}

/** @throws NotFoundError */
export async function memberOf(tx: Transaction, projectId: string, userId: string): Promise<ProjectMember> {
  const member = await tx.projectMember.findUnique({ where: { projectId_userId: { projectId, userId } } });
  if (!member) throw new NotFoundError("The project has no such member.");
  return member;
}

function refusedAsOwner(projectId: string): Refused {
  return refusedByRule(
    { ...blockerOf("ONE_OWNER"), from: "OWNER", to: null, allowed: [] },
    aboutProject(projectId),
  );
}
