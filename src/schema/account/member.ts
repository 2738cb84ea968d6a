import { validate as isUuid } from "uuid";
import type { Role } from "../../domain/account/permissions.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { ProjectRoleEnum } from "./enums.ts";

export const MemberType = builder.prismaObject("ProjectMember", {
  description: "Somebody's membership of a project.",
  fields: (t) => ({
    user: t.relation("user", { description: "Who it is." }),
    project: t.relation("project", { description: "Of which project." }),
    role: t.field({
      type: ProjectRoleEnum,
      description: "What they are to it.",
      resolve: ({ role }) => role as Role,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When they became a member." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When their role last changed." }),
  }),
});

export const memberPages = pagesOf("ProjectMember", MemberType);

/** Whether what a cursor decodes to names a membership. */
export function isMembership(decoded: unknown): decoded is [projectId: string, userId: string] {
  return Array.isArray(decoded) && decoded.length === 2 && decoded.every((id) => isUuid(id));
}
