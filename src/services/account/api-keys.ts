import { randomBytes } from "node:crypto";
import { type AccountInput, accountInputs } from "../../domain/account/inputs.ts";
import { rolesWith } from "../../domain/account/permissions.ts";
import { makeSecret } from "../../domain/account/secret.ts";
import { ConflictError, GuardRejectedError, NotFoundError, ValidationError } from "../../domain/errors.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import type { Prisma } from "../../generated/prisma/client.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { runCommand } from "../command/run.ts";
import type { Services } from "../services.ts";
import type { WithSecret } from "./invitations.ts";
import { type Asker, projectsSeenBy, projectsWithRole } from "./seen-by.ts";

/** How many keys a user has at the most that are not revoked. */
export const MAX_KEYS = 100;

/** The keys that somebody may see: their own, and those that are bound to a project of theirs. A key sees none. */
export function keysSeenBy(asker: Asker) {
  if (asker.key) return { id: { in: [] as string[] } } satisfies Prisma.ApiKeyWhereInput;
  return {
    OR: [{ userId: asker.userId }, { project: projectsWithRole(asker, rolesWith("MANAGE")) }],
  } satisfies Prisma.ApiKeyWhereInput;
}

/**
 * Makes an API key, whose text is given back this once. What it may do is what its user may do by then, not more than
 * its scopes say.
 *
 * @throws ValidationError, NotFoundError for a project that the caller does not see; GuardRejectedError (LIMIT_REACHED)
 */
export async function createApiKey(
  services: Services,
  caller: Caller,
  raw: AccountInput<"createApiKey">,
): Promise<WithSecret> {
  const input = parseInput(accountInputs.createApiKey, raw);
  const { name, scopes, expiresAt = null, projectId = null } = input;
  let secret: string | null = null;
  const result = await runCommand(services, caller, "createApiKey", input, async (tx) => {
    const { userId } = caller;
    const now = services.clock.now();
    if (expiresAt && expiresAt <= now) {
      throw new ValidationError([{ path: "expiresAt", message: "must lie in the future" }]);
    }
    // The user's row stands in for a lock: of two at once, both cannot take the last place.
    const [user] = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM user_account WHERE id = ${userId}::uuid AND suspended_at IS NULL FOR NO KEY UPDATE`;
    if (!user) throw new NotFoundError("There is no such user.");
    if (projectId !== null) {
      const where = { ...projectsSeenBy(caller), id: projectId };
      const project = await tx.project.findUnique({ where, select: { id: true } });
      if (!project) throw new NotFoundError("There is no such project.");
    }
    if ((await tx.apiKey.count({ where: { userId, revokedAt: null } })) >= MAX_KEYS) {
      const message = `A user has at most ${MAX_KEYS} keys. Revoke one.`;
      throw new GuardRejectedError({
        ...blockerOf("LIMIT_REACHED"),
        message,
        from: null,
        to: null,
        allowed: [],
      });
    }
    const id = services.ids.next();
    const made = makeSecret("apiKey", randomBytes(32));
    await tx.apiKey.create({
      data: {
        id,
        userId,
        projectId,
        name,
        scopes,
        expiresAt,
        prefix: made.shown,
        secretHash: made.hash,
        createdAt: now,
      },
    });
    secret = made.text;
    return { id, log: null };
  });
  return { ...result, secret };
}

/**
 * Revokes a key. It opens nothing from then on, and what is open with it ends.
 *
 * @throws ValidationError, NotFoundError; ConflictError when it is revoked
 */
export async function revokeApiKey(
  services: Services,
  caller: Caller,
  raw: AccountInput<"revokeApiKey">,
): Promise<CommandResult> {
  const input = parseInput(accountInputs.revokeApiKey, raw);
  const { keyId: id } = input;
  return runCommand(services, caller, "revokeApiKey", input, async (tx) => {
    const key = await tx.apiKey.findUnique({
      where: { id, AND: [keysSeenBy(caller)] },
      select: { userId: true },
    });
    if (!key) throw new NotFoundError("There is no such key.");
    const { count } = await tx.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: services.clock.now() },
    });
    if (count === 0) throw new ConflictError("The key is revoked already.", "REVOKED");
    return { id, log: null, accessChanged: [key.userId] };
  });
}
