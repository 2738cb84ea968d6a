import {
  COMMAND_PERMISSIONS,
  type CommandName,
  type KeyScope,
  type Permission,
  permissionOf,
  type Role,
  roleAllows,
  scopesAllow,
} from "../../../src/domain/account/permissions.ts";
import {
  AcceptInvitation,
  CreateApiKey,
  InviteMember,
  RevokeApiKey,
} from "../../api/support/account-commands.ts";
import { Founder } from "../../api/support/founder.ts";
import { Viewer } from "../../api/support/queries.ts";
import { bearer } from "../../support/tokens.ts";

/** Somebody who asks, and what the table of permissions is asked about them. */
export interface Principal {
  readonly name: string;
  readonly headers: Record<string, string>;
  /** In the project; null for a stranger. */
  readonly role: Role | null;
  /** Of the key that they ask with; null for a person. */
  readonly scopes: readonly KeyScope[] | null;
  readonly isAdmin: boolean;
  /** Whether their key is bound to another project. */
  readonly isElsewhere: boolean;
  /** What every request of theirs is answered with, whatever it asks. */
  readonly refused: 401 | 403 | null;
}

const PERSON = { role: null, scopes: null, isAdmin: false, isElsewhere: false, refused: null } as const;

export interface Cast {
  readonly owner: Founder;
  readonly root: Founder;
  readonly principals: readonly Principal[];
  /** The user id of a member whom the commands on members are tried on. */
  readonly victimId: string;
  /** The token of an invitation that has been accepted. */
  readonly spentToken: string;
}

/** Everybody whom the matrix asks, around one project. */
export async function makePrincipals(
  app: { readonly url: string },
  projectId: string,
  owner: Founder,
): Promise<Cast> {
  const person = async (subject: string) => new Founder(app, await bearer(subject));
  const root = await person("root");
  let spentToken = "";
  const member = async (subject: string, role: "EDITOR" | "VIEWER" | "AGENT") => {
    const founder = await person(subject);
    const { token } = await owner.succeed(InviteMember, { projectId, role });
    spentToken = token ?? "";
    await founder.succeed(AcceptInvitation, { token: spentToken });
    return founder;
  };
  const key = async (
    founder: Founder,
    scopes: KeyScope[],
    more: { projectId?: string; expiresAt?: string } = {},
  ) => {
    const { secret, apiKey } = await founder.succeed(CreateApiKey, { name: "Robot", scopes, ...more });
    return { id: apiKey.id, headers: { authorization: `Bearer ${secret}` } };
  };
  const editor = await member("editor", "EDITOR");
  const viewer = await member("viewer", "VIEWER");
  const agent = await member("agent", "AGENT");
  const suspended = await member("suspended", "EDITOR");
  const victim = await member("victim", "VIEWER");
  const other = await person("other");
  await other.project("Theirs");
  const elsewhere = await owner.project("Elsewhere");
  const keyOfSuspended = await key(suspended, ["WRITE"]);
  const revoked = await key(owner, ["WRITE"]);
  await owner.succeed(RevokeApiKey, { keyId: revoked.id });
  const keyed = async (name: string, founder: Founder, role: Role, scopes: KeyScope[], more = {}) => ({
    ...PERSON,
    ...{ name, role, scopes, headers: (await key(founder, scopes, more)).headers },
  });
  const principals: Principal[] = [
    { ...PERSON, name: "other user", headers: other.headers },
    { ...PERSON, name: "admin", headers: root.headers, isAdmin: true },
    { ...PERSON, name: "anonymous", headers: {}, refused: 401 },
    { ...PERSON, name: "suspended user", headers: suspended.headers, refused: 403 },
    { ...PERSON, name: "suspended user's key", headers: keyOfSuspended.headers, refused: 403 },
    { ...PERSON, name: "revoked key", headers: revoked.headers, refused: 401 },
    {
      ...(await keyed("key of another project", owner, "OWNER", ["WRITE"], { projectId: elsewhere })),
      isElsewhere: true,
      role: null,
    },
    await keyed("READ key", owner, "OWNER", ["READ"]),
    await keyed("WORK key", owner, "OWNER", ["WORK"]),
    await keyed("viewer's WRITE key", viewer, "VIEWER", ["WRITE"]),
    await keyed("agent's WORK key", agent, "AGENT", ["WORK"]),
    { ...PERSON, name: "viewer", headers: viewer.headers, role: "VIEWER" },
    { ...PERSON, name: "agent", headers: agent.headers, role: "AGENT" },
    { ...PERSON, name: "editor", headers: editor.headers, role: "EDITOR" },
    await keyed("WRITE key", owner, "OWNER", ["WRITE"]),
    await keyed("WRITE key of the project", owner, "OWNER", ["WRITE"], { projectId }),
    { ...PERSON, name: "owner", headers: owner.headers, role: "OWNER" },
  ];
  return { owner, root, principals, spentToken, victimId: (await victim.read(Viewer, {})).viewer.id };
}

export type Verdict = "ALLOWED" | "NOT_FOUND" | "NOT_PERMITTED" | "ADMIN_REQUIRED" | 401 | 403;

/** Whether a principal has a permission on the project. */
export function has({ role, scopes, isAdmin, refused }: Principal, permission: Permission): boolean {
  if (refused !== null || (scopes && !scopesAllow(scopes, permission))) return false;
  return permission === "ADMIN" ? isAdmin : roleAllows(role, permission);
}

/** Commands on what only some may see: to the others it is not there. */
const ON_HIDDEN: Readonly<Partial<Record<CommandName, Permission>>> = { revokeInvitation: "MANAGE" };

/** What the table says that a command on a thing of the project comes to. */
export function verdictOn(principal: Principal, command: CommandName, input: object): Verdict {
  const { refused, role, scopes, isElsewhere } = principal;
  if (refused !== null) return refused;
  const permission = permissionOf(command, input) ?? COMMAND_PERMISSIONS[command];
  if (permission === "ADMIN") return principal.isAdmin ? "ALLOWED" : "ADMIN_REQUIRED";
  const hidden = ON_HIDDEN[command];
  if (hidden && !has(principal, hidden)) return "NOT_FOUND";
  if (permission === "PERSON") {
    if (scopes) return "NOT_PERMITTED";
    // A key of the owner's; a key for the project, which a member may make.
    const mine = command === "revokeApiKey" ? role === "OWNER" : role !== null;
    return mine ? "ALLOWED" : "NOT_FOUND";
  }
  if (permission === "CREATE" || permission === "JOIN") {
    const bound = isElsewhere || principal.name === "WRITE key of the project";
    return scopes && (bound || !scopesAllow(scopes, permission)) ? "NOT_PERMITTED" : "ALLOWED";
  }
  // Administrators need not be members for it.
  if (permission === "TRANSFER" && principal.isAdmin) return "ALLOWED";
  if (role === null) return "NOT_FOUND";
  return has(principal, permission) ? "ALLOWED" : "NOT_PERMITTED";
}
