import { KEY_SCOPES, type KeyScope, ROLES, type Role } from "../../domain/account/permissions.ts";
import type { InvitationStatus } from "../../services/account/invitations.ts";
import { builder } from "../builder.ts";

function described<Name extends string>(values: Readonly<Record<Name, string>>) {
  const entries = Object.entries<string>(values).map(([name, description]) => [name, { description }]);
  return Object.fromEntries(entries) as Record<Name, { description: string }>;
}

export const ProjectRoleEnum = builder.enumType("ProjectRole", {
  description: "What a member is to a project.",
  values: described<Role>(ROLES),
});

export const KeyScopeEnum = builder.enumType("KeyScope", {
  description: "What an API key is good for. Each allows what the ones before it do.",
  values: described<KeyScope>(KEY_SCOPES),
});

export const InvitationStatusEnum = builder.enumType("InvitationStatus", {
  description: "How an invitation stands.",
  values: described<InvitationStatus>({
    PENDING: "It can be accepted.",
    ACCEPTED: "It was, once.",
    REVOKED: "It was taken back.",
    EXPIRED: "Nobody accepted it in time.",
  }),
});
