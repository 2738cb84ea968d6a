import {
  type KeyScope,
  PERMISSIONS,
  type Permission,
  permissionOf,
  type Role,
  roleAllows,
  rolesWith,
  scopesAllow,
} from "../../domain/account/permissions.ts";
import type { GuardRejection } from "../../domain/errors.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import type { Caller, Transaction } from "./command.ts";

/** Whether the system gives the command itself: a job, a sweep. Nobody's permission is asked for then. */
export function isSystem({ actor }: Caller): boolean {
  return actor === "SYSTEM" || actor === "LLM";
}

/**
 * The permission that a command takes.
 *
 * @throws Error when the table has no row for it: whoever adds a command says who may give it
 */
export function permissionFor(command: string, input: object): Permission {
  const permission = permissionOf(command, input);
  if (!permission) throw new Error(`${command} has no row in the table of permissions`);
  return permission;
}

/**
 * What stands in the way of a command for lack of permission; null when nothing does.
 *
 * @param role the caller's in the project, null where they have none or it is about no project
 */
export function missingPermission(
  caller: Caller,
  command: string,
  input: object,
  role: Role | null,
): GuardRejection | null {
  if (isSystem(caller)) return null;
  const permission = permissionFor(command, input);
  const about = { rule: "NOT_PERMITTED", to: null } as const;
  if (!roleAllows(role, permission)) {
    const allowed = rolesWith(permission);
    const message = `${command} takes the role ${allowed.join(" or ")} here; yours is ${role ?? "none"}.`;
    return { ...about, message, from: role, allowed };
  }
  const { key } = caller;
  if (!key) return null;
  const boundElsewhere = permission === "CREATE" && key.projectId !== null;
  if (scopesAllow(key.scopes, permission) && !boundElsewhere) return null;
  const allowed: readonly KeyScope[] = boundElsewhere ? [] : PERMISSIONS[permission].scopes;
  const needed = allowed.length > 0 ? `a key with the scope ${allowed.join(" or ")}` : "a person";
  const bound = boundElsewhere ? " and bound to one project" : "";
  const message = `${command} takes ${needed}; this key has the scopes ${key.scopes.join(", ")}${bound}.`;
  return { ...about, message, from: key.scopes.join(", "), allowed };
}

/**
 * The caller's role in a project as it is now, null when they have none. Asked for in a statement of its own once the
 * project is locked, so that it says what whoever held the lock before has made of it.
 *
 * @param reads what else to read in that statement: an expression of SQL that gives one JSON value
 * @returns undefined when the caller may do nothing any more: suspended, or the key revoked or expired
 */
export async function roleOf(
  tx: Transaction,
  { userId, key }: Caller,
  projectId: string,
  now: Date,
  reads: Prisma.Sql = NOTHING,
): Promise<{ readonly role: Role | null; readonly read: unknown } | undefined> {
  // A key that is bound to another project sees no membership here.
  const reach = key?.projectId ?? projectId;
  const [row] = await tx.$queryRaw<{ role: Role | null; key_ends: boolean | null; read: unknown }[]>`
    SELECT m.role, k.revoked_at IS NOT NULL OR k.expires_at <= ${now} AS key_ends, ${reads} AS read
    FROM user_account u
    LEFT JOIN project_member m
      ON m.user_id = u.id AND m.project_id = ${projectId}::uuid AND m.project_id = ${reach}::uuid
    LEFT JOIN api_key k ON k.id = ${key?.id ?? null}::uuid
    WHERE u.id = ${userId}::uuid AND u.suspended_at IS NULL`;
  return row && row.key_ends !== true ? { role: row.role, read: row.read } : undefined;
}

/** The same for the system, whose role nobody asks for. */
export async function readAlone(tx: Transaction, reads: Prisma.Sql): Promise<unknown> {
  const [row] = await tx.$queryRaw<{ read: unknown }[]>`SELECT ${reads} AS read`;
  return row?.read;
}

const NOTHING = Prisma.sql`NULL::json`;
