import type { KeyScope } from "../domain/account/permissions.ts";
import { hashSecret, isSecret } from "../domain/account/secret.ts";
import type { Clock } from "../domain/clock.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import { AuthenticationError, SuspendedError } from "./errors.ts";
import type { Viewer } from "./viewer.ts";

/** How exactly `lastUsedAt` is kept, in milliseconds: a write per request would cost more than what it tells. */
const LAST_USED_MS = 10 * 60_000;

/** Tells whose an API key is. */
export type KeyDirectory = (text: string) => Promise<Viewer>;

/**
 * The keys of the database. Every request reads its key, by its hash, in one indexed statement: a key that was revoked a
 * moment ago lets nobody in.
 */
export function createKeyDirectory(prisma: PrismaClient, clock: Clock): KeyDirectory {
  async function noteUse(id: string, lastUsedAt: Date | null, now: Date): Promise<void> {
    if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < LAST_USED_MS) return;
    await prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } });
  }

  return async (text) => {
    const key = isSecret("apiKey", text)
      ? await prisma.apiKey.findUnique({
          where: { secretHash: hashSecret(text) },
          include: { user: { select: { suspendedAt: true } } },
        })
      : null;
    if (!key) throw new AuthenticationError("The API key is not valid.");
    if (key.revokedAt) throw new AuthenticationError("The API key is revoked.");
    const now = clock.now();
    if (key.expiresAt && key.expiresAt <= now) throw new AuthenticationError("The API key has expired.");
    if (key.user.suspendedAt) throw new SuspendedError();
    await noteUse(key.id, key.lastUsedAt, now);
    const { id, userId, projectId, expiresAt } = key;
    return {
      userId,
      isAdmin: false,
      expiresAt,
      key: { id, projectId, scopes: key.scopes as KeyScope[] },
    };
  };
}
