import { z } from "zod";
import { optionalText, requiredText } from "../text.ts";
import { INVITED_ROLES, KEY_SCOPES, type KeyScope } from "./permissions.ts";

const id = z.uuid();
const role = z.enum(INVITED_ROLES, `must be one of ${INVITED_ROLES.join(", ")}: a project has one owner`);
const scopes = Object.keys(KEY_SCOPES) as [KeyScope, ...KeyScope[]];

/** How long an invitation holds, in hours, unless told, and at the most. */
export const INVITATION_HOURS = { usual: 7 * 24, most: 30 * 24 } as const;

/** What the commands on members and keys are given, and the rules for it. */
export const accountInputs = {
  inviteMember: z.object({
    projectId: id,
    role,
    expiresInHours: z.number().int().min(1).max(INVITATION_HOURS.most).default(INVITATION_HOURS.usual),
  }),
  revokeInvitation: z.object({ invitationId: id }),
  acceptInvitation: z.object({ token: requiredText(100) }),
  changeMemberRole: z.object({ projectId: id, userId: id, role }),
  removeMember: z.object({ projectId: id, userId: id }),
  transferProject: z.object({ projectId: id, userId: id }),
  leaveProject: z.object({ projectId: id }),
  createApiKey: z.object({
    name: requiredText(100),
    scopes: z
      .array(z.enum(scopes))
      .min(1, "must name at least one")
      .max(scopes.length)
      .transform((given) => scopes.filter((scope) => given.includes(scope))),
    expiresAt: z.date().optional(),
    projectId: id.optional(),
  }),
  revokeApiKey: z.object({ keyId: id }),
  adoptProjects: z.object({ subject: optionalText(255).min(1, "must not be empty") }),
  suspendUser: z.object({ userId: id }),
  reinstateUser: z.object({ userId: id }),
} as const;

/** What a client may give for a command, before it is checked. */
export type AccountInput<Command extends keyof typeof accountInputs> = z.input<
  (typeof accountInputs)[Command]
>;
