import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Caller, CommandResult, Transaction } from "../command/command.ts";
import { refusedByConflict, refusedByRule, runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutProject, memberOf } from "./members.ts";

/**
 * Makes a member the owner of a project, whose plan and budget count from then on. The former owner stays as an EDITOR;
 * calls to models that are under way are still theirs.
 *
 * @param isAdmin whether the caller is named by ADMIN_SUBJECTS: then they need not be a member
 * @throws ValidationError, NotFoundError; ConflictError when the member is the owner or is suspended;
 *   GuardRejectedError (NOT_PERMITTED, ARCHIVED, LIMIT_REACHED)
 */
export async function transferProject(
  services: Services,
  caller: Caller,
  isAdmin: boolean,
  raw: AccountInput<"transferProject">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.transferProject, raw);
  const { projectId, userId } = input;
  const request = { command: "transferProject", projectId, input, asAdministrator: isAdmin };
  return runLockedCommand(services, caller, request, async ({ tx, head, now }) => {
    const about = aboutProject(projectId);
    const noStates = { from: null, to: null, allowed: [] };
    if (head.archived) return refusedByRule({ ...blockerOf("ARCHIVED"), ...noStates }, about);
    const { role } = await memberOf(tx, projectId, userId);
    if (role === "OWNER")
      return refusedByConflict(new ConflictError("The member is the owner already.", role), about);
    const owner = await lockOwner(tx, userId);
    if (owner.suspendedAt) {
      const message = "The member is suspended, and cannot become the owner.";
      return refusedByConflict(new ConflictError(message, "SUSPENDED"), about);
    }
    if (owner._count.projects >= owner.planTier.maxProjects) {
      // Not how many they have: that is theirs to know.
      const message =
        "The member's plan allows them no further project: they archive one, or an administrator changes their plan.";
      return refusedByRule({ ...blockerOf("LIMIT_REACHED"), ...noStates, message }, about);
    }
    await moveMemberships(tx, [projectId], userId, now);
    return {
      id: projectId,
      part: userId,
      events: [transferred(projectId, { from: head.ownerId, to: userId, role })],
      changes: { ownerId: userId },
      bumpsVersion: true,
      accessChanged: [head.ownerId, userId],
    };
  });
}

/** The event of a transfer. @param role what the new owner was to the project before; null for no member */
export function transferred(
  projectId: string,
  {
    from,
    to,
    role,
    reason = null,
  }: { from: string; to: string; role: string | null; reason?: string | null },
): NewEvent {
  return {
    ...aboutProject(projectId),
    type: "project_transferred",
    fromState: role,
    toState: "OWNER",
    reason,
    detail: { user: to, previousOwner: from },
  };
}

/** Makes somebody the owning member of projects whose rows are locked; who was it stays as an EDITOR. */
export async function moveMemberships(
  tx: Transaction,
  projectIds: readonly string[],
  userId: string,
  now: Date,
): Promise<void> {
  // First, because a project has at most one owner at any moment.
  await tx.projectMember.updateMany({
    where: { projectId: { in: [...projectIds] }, role: "OWNER" },
    data: { role: "EDITOR", updatedAt: now },
  });
  await tx.$executeRaw`
    INSERT INTO project_member (project_id, user_id, role, since_sequence, created_at, updated_at)
    SELECT p.id, ${userId}::uuid, 'OWNER', p.event_sequence + 1, ${now}, ${now}
    FROM project p WHERE p.id = ANY (${[...projectIds]}::uuid[])
    ON CONFLICT (project_id, user_id) DO UPDATE SET role = 'OWNER', updated_at = EXCLUDED.updated_at`;
}

/** Reads the next owner under their row's lock: of two projects at once, both cannot take the last place of the plan. */
async function lockOwner(tx: Transaction, userId: string) {
  await tx.$queryRaw`SELECT 1 FROM user_account WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const owner = await tx.user.findUnique({
    where: { id: userId },
    select: {
      suspendedAt: true,
      planTier: { select: { maxProjects: true } },
      _count: { select: { projects: { where: { archivedAt: null } } } },
    },
  });
  if (!owner) throw new NotFoundError("There is no such user.");
  return owner;
}
