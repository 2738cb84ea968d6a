import type { INVITED_ROLES } from "../../domain/account/permissions.ts";
import { ProjectRoleEnum } from "../../schema/account/enums.ts";
import { InvitationType } from "../../schema/account/invitation.ts";
import { MemberType } from "../../schema/account/member.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId, encodeId } from "../../schema/ids.ts";
import { ProjectType } from "../../schema/stage/project.ts";
import {
  acceptInvitation,
  inviteMember,
  revokeInvitation,
  type WithSecret,
} from "../../services/account/invitations.ts";
import { changeMemberRole, leaveProject, removeMember } from "../../services/account/members.ts";
import { transferProject } from "../../services/account/ownership.ts";
import { projectsSeenBy } from "../../services/account/seen-by.ts";
import type { CommandResult } from "../../services/command/command.ts";
import type { InputBuilder } from "../stage/fields.ts";
import { inProject, project, projectId, type ResultBuilder } from "../stage/fields.ts";

/** What the service makes sure of: that it is not OWNER. */
type InvitedRole = (typeof INVITED_ROLES)[number];

const role = (t: InputBuilder) =>
  t.field({ type: ProjectRoleEnum, required: true, description: "EDITOR, VIEWER or AGENT." });
const member = (t: InputBuilder) => t.id({ required: true, description: "The member's user id." });

const invitation = (t: ResultBuilder) =>
  t.prismaField({
    type: InvitationType,
    description: "The invitation, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.projectInvitation.findUniqueOrThrow({ ...query, where: { id } }),
  });

/** The membership that a command made or changed; null when it is gone, or the viewer may not see it any more. */
const membership = (t: ResultBuilder) =>
  t.prismaField({
    type: MemberType,
    nullable: true,
    description: "The membership, as it is now; null when it has ended since.",
    resolve: (query, { id, part }, _args, { prisma, viewer }) =>
      prisma.projectMember.findUnique({
        ...query,
        where: {
          projectId_userId: { projectId: id, userId: part ?? "" },
          project: projectsSeenBy(viewer),
        },
      }),
  });

commandField("inviteMember", {
  description:
    "Makes a token with which somebody, once, becomes a member. Hand it on yourself: whoever has it may use it. Only for the owner.",
  input: (t) => ({
    projectId: projectId(t),
    role: role(t),
    expiresInHours: t.int({ description: "How long it can be accepted, 1 to 720 hours; 168 unless told." }),
  }),
  success: (t) => ({
    invitation: invitation(t),
    token: t.string({
      nullable: true,
      description:
        "The token, shown this once: only its hash is stored. Null when an idempotencyKey gives an earlier result again.",
      resolve: (result) => (result as WithSecret).secret,
    }),
  }),
  run: ({ role: asked, ...input }, caller, { services }) =>
    inviteMember(services, caller, { ...inProject(input), role: asked as InvitedRole }),
});

commandField("revokeInvitation", {
  description: "Takes an invitation back that nobody has accepted. Only for the owner.",
  input: (t) => ({ invitationId: t.id({ required: true, description: "The invitation's id." }) }),
  success: (t) => ({ invitation: invitation(t) }),
  run: ({ invitationId }, caller, { services }) =>
    revokeInvitation(services, caller, {
      invitationId: decodeId("invitation", invitationId, "invitationId"),
    }),
});

/** The project, unless the viewer is no member of it. */
const ownProject = (description: string) => (t: ResultBuilder) =>
  t.prismaField({
    type: ProjectType,
    nullable: true,
    description,
    resolve: (query, { id }, _args, { prisma, viewer }) =>
      prisma.project.findUnique({ ...query, where: { ...projectsSeenBy(viewer), id } }),
  });

commandField("acceptInvitation", {
  description: "Makes the viewer a member of a project, by a token; a token works once.",
  input: (t) => ({ token: t.string({ required: true, description: "The token: ghi_…" }) }),
  success: (t) => ({
    project: ownProject("The project, as it is now; null when the membership has ended since.")(t),
    member: membership(t),
  }),
  run: (input, caller, { services }) => acceptInvitation(services, caller, input),
});

commandField("changeMemberRole", {
  description: "Gives a member another role; it counts at once. Only for the owner, whose own role stays.",
  input: (t) => ({ projectId: projectId(t), userId: member(t), role: role(t) }),
  success: (t) => ({ member: membership(t) }),
  run: ({ userId, ...input }, caller, { services }) =>
    changeMemberRole(services, caller, {
      ...inProject(input),
      userId: decodeId("user", userId, "userId"),
      role: input.role as InvitedRole,
    }),
});

commandField("removeMember", {
  description:
    "Takes a membership away, with the member's keys for the project; what they have open there ends. Only for the owner, who stays.",
  input: (t) => ({ projectId: projectId(t), userId: member(t) }),
  success: (t) => ({ project: project(t) }),
  run: ({ userId, ...input }, caller, { services }) =>
    removeMember(services, caller, { ...inProject(input), userId: decodeId("user", userId, "userId") }),
});

commandField("transferProject", {
  description:
    "Makes a member the owner: their plan and their budget count from now on, and must allow one more project. The former owner stays as an EDITOR. Only for the owner, and for administrators, who need not be members.",
  input: (t) => ({ projectId: projectId(t), userId: member(t) }),
  success: (t) => ({
    project: ownProject("The project, as it is now; null for an administrator who is no member of it.")(t),
  }),
  run: ({ userId, ...input }, caller, { services, viewer }) =>
    transferProject(services, caller, viewer.isAdmin, {
      ...inProject(input),
      userId: decodeId("user", userId, "userId"),
    }),
});

commandField("leaveProject", {
  description: "Gives the viewer's own membership up. The owner cannot.",
  input: (t) => ({ projectId: projectId(t) }),
  success: (t) => ({
    projectId: t.id({
      description: "The project that was left.",
      resolve: ({ id }: CommandResult) => encodeId("project", id),
    }),
  }),
  run: (input, caller, { services }) => leaveProject(services, caller, inProject(input)),
});
