import { randomBytes } from "node:crypto";
import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { rolesWith } from "../../domain/account/permissions.ts";
import { hashSecret, isSecret, makeSecret } from "../../domain/account/secret.ts";
import { ConflictError, NotFoundError } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Prisma, ProjectInvitation } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict, refusedByRule, runLockedCommand } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutProject } from "./members.ts";
import { type Asker, projectsWithRole } from "./seen-by.ts";

/** How many members and open invitations a project has at the most, together. */
export const MAX_MEMBERS = 100;
const HOUR_MS = 60 * 60 * 1_000;

/** A command's result with a secret that is shown once: null where an idempotency key gives an earlier result again. */
export interface WithSecret extends CommandResult {
  readonly secret: string | null;
}

export type InvitationStatus = "PENDING" | "ACCEPTED" | "REVOKED" | "EXPIRED";

/** The invitations that somebody may see: those to projects whose members they manage. A key sees none. */
export function invitationsSeenBy(asker: Asker) {
  if (asker.key) return { id: { in: [] as string[] } } satisfies Prisma.ProjectInvitationWhereInput;
  return {
    project: projectsWithRole(asker, rolesWith("MANAGE")),
  } satisfies Prisma.ProjectInvitationWhereInput;
}

/** How an invitation stands at a time. */
export function statusOf(
  { acceptedAt, revokedAt, expiresAt }: ProjectInvitation,
  now: Date,
): InvitationStatus {
  if (acceptedAt) return "ACCEPTED";
  if (revokedAt) return "REVOKED";
  return expiresAt <= now ? "EXPIRED" : "PENDING";
}

/**
 * Makes a token with which somebody, once, becomes a member. Whoever has it may use it: it is handed on by other means.
 *
 * @throws ValidationError, NotFoundError; GuardRejectedError (NOT_PERMITTED, ARCHIVED, LIMIT_REACHED)
 */
export async function inviteMember(
  services: Services,
  caller: Caller,
  raw: AccountInput<"inviteMember">,
): Promise<WithSecret> {
  const input = parseInput(accountInputs.inviteMember, raw);
  const { projectId, role, expiresInHours } = input;
  let secret: string | null = null;
  const request = { command: "inviteMember", projectId, input };
  const result = await runLockedCommand(services, caller, request, async ({ tx, head, now }) => {
    const about = aboutProject(projectId);
    if (head.archived) return refusedByRule({ ...blockerOf("ARCHIVED"), ...NO_STATES }, about);
    const open = { projectId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } };
    const members = await tx.projectMember.count({ where: { projectId } });
    const invitations = await tx.projectInvitation.count({ where: open });
    if (members + invitations >= MAX_MEMBERS) {
      const message = `A project has at most ${MAX_MEMBERS} members and open invitations together.`;
      return refusedByRule({ ...blockerOf("LIMIT_REACHED"), ...NO_STATES, message }, about);
    }
    const id = services.ids.next();
    const made = makeSecret("invitation", randomBytes(32));
    const expiresAt = new Date(now.getTime() + expiresInHours * HOUR_MS);
    await tx.projectInvitation.create({
      data: {
        id,
        projectId,
        role,
        tokenHash: made.hash,
        invitedBy: caller.userId,
        expiresAt,
        createdAt: now,
      },
    });
    secret = made.text;
    const detail = { invitation: id, role, expiresAt: expiresAt.toISOString() };
    return { id, events: [{ ...about, type: "member_invited", detail }] };
  });
  return { ...result, secret };
}

/**
 * Takes an invitation back.
 *
 * @throws ValidationError; NotFoundError when there is none, also to whoever may not manage its project's members;
 *   ConflictError when it is not pending any more
 */
export async function revokeInvitation(
  services: Services,
  caller: Caller,
  raw: AccountInput<"revokeInvitation">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.revokeInvitation, raw);
  const { invitationId } = input;
  const found = await services.prisma.projectInvitation.findUnique({
    where: { id: invitationId, AND: [invitationsSeenBy(caller)] },
    select: { projectId: true },
  });
  if (!found) throw new NotFoundError("There is no such invitation.");
  const { projectId } = found;
  const request = { command: "revokeInvitation", projectId, input };
  return runLockedCommand(services, caller, request, async ({ tx, now }) => {
    const invitation = await tx.projectInvitation.findUniqueOrThrow({ where: { id: invitationId } });
    const status = statusOf(invitation, now);
    if (status !== "PENDING") {
      const conflict = new ConflictError(`The invitation is ${status} already.`, status);
      return refusedByConflict(conflict, aboutProject(projectId));
    }
    await tx.projectInvitation.updateMany({ where: { id: invitationId }, data: { revokedAt: now } });
    const detail = { invitation: invitationId, role: invitation.role };
    const event: NewEvent = { ...aboutProject(projectId), type: "invitation_revoked", detail };
    return { id: invitationId, events: [event] };
  });
}

/**
 * Makes the caller a member, by a token. Of two who present one token at once, one becomes a member.
 *
 * A refusal leaves no trace in the log: who is refused is not a member.
 *
 * @throws ValidationError; NotFoundError when there is no such token; ConflictError when it was used, taken back or
 *   has expired, and when the caller is a member; GuardRejectedError (ARCHIVED)
 */
export async function acceptInvitation(
  services: Services,
  caller: Caller,
  raw: AccountInput<"acceptInvitation">,
): Promise<CommandResult> {
  const { token } = parseInput(accountInputs.acceptInvitation, raw);
  const tokenHash = hashSecret(token);
  const found = isSecret("invitation", token)
    ? await services.prisma.projectInvitation.findUnique({ where: { tokenHash } })
    : null;
  if (!found) throw new NotFoundError("There is no such invitation.");
  const { id: invitationId, projectId } = found;
  // The token is not kept, not even with an idempotency key.
  const input = { tokenHash };
  const request = { command: "acceptInvitation", projectId, input, recordsRefusals: false };
  return runLockedCommand(services, caller, request, async ({ tx, head, now, role: present }) => {
    const about = aboutProject(projectId);
    if (head.archived) return refusedByRule({ ...blockerOf("ARCHIVED"), ...NO_STATES }, about);
    const invitation = await tx.projectInvitation.findUniqueOrThrow({ where: { id: invitationId } });
    const status = statusOf(invitation, now);
    if (status !== "PENDING") {
      return refusedByConflict(new ConflictError(`The invitation is ${status}.`, status), about);
    }
    if (present !== null) {
      return refusedByConflict(new ConflictError("You are a member of the project.", present), about);
    }
    const { userId } = caller;
    const { role, invitedBy } = invitation;
    await tx.projectMember.create({
      data: {
        projectId,
        userId,
        role,
        invitedBy,
        sinceSequence: head.eventSequence + 1,
        createdAt: now,
        updatedAt: now,
      },
    });
    await tx.projectInvitation.updateMany({
      where: { id: invitationId },
      data: { acceptedBy: userId, acceptedAt: now },
    });
    const detail = { invitation: invitationId, user: userId, role };
    const event: NewEvent = { ...about, type: "member_joined", toState: role, detail };
    return { id: projectId, part: userId, events: [event], accessChanged: [userId] };
  });
}

const NO_STATES = { from: null, to: null, allowed: [] } as const;
