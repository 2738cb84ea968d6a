import type { Role } from "../../domain/account/permissions.ts";
import { statusOf } from "../../services/account/invitations.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { InvitationStatusEnum, ProjectRoleEnum } from "./enums.ts";

export const InvitationType = builder.prismaObject("ProjectInvitation", {
  description:
    "A place in a project for whoever presents its token, once. Only the project's owner sees it. The token is shown when it is made, and never again.",
  interfaces: [builder.nodeInterfaceRef()],
  fields: (t) => ({
    id: t.id({ description: "A TypeID: invitation_…", resolve: ({ id }) => encodeId("invitation", id) }),
    project: t.relation("project", { description: "The project that it opens." }),
    role: t.field({
      type: ProjectRoleEnum,
      description: "The role that it gives.",
      resolve: ({ role }) => role as Role,
    }),
    status: t.field({
      type: InvitationStatusEnum,
      description: "How it stands now.",
      resolve: (invitation, _args, { services }) => statusOf(invitation, services.clock.now()),
    }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "Until when it can be accepted." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
  }),
});

export const invitationPages = pagesOf("ProjectInvitation", InvitationType);
