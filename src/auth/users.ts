import { BoundedCache } from "../bounded-cache.ts";
import type { Identity } from "../domain/account/identity.ts";
import type { Clock } from "../domain/clock.ts";
import type { PrismaClient } from "../generated/prisma/client.ts";
import type { UserDirectory } from "./authenticator.ts";

/** Ids never change, so a known one needs no invalidation; the bound keeps memory flat whoever calls. */
const KNOWN_USERS = 10_000;

/** The users of the database. An identity's row is made on first sight, also when two requests race to do it. */
export function createUserDirectory(options: {
  prisma: PrismaClient;
  clock: Clock;
  /** Makes a UUIDv7. */
  newId: () => string;
}): UserDirectory & { isSuspended(userId: string): Promise<boolean> } {
  const { prisma, clock, newId } = options;
  const known = new BoundedCache<string, string>({ capacity: KNOWN_USERS });

  async function findOrCreate({ issuer, subject, displayName }: Identity): Promise<string> {
    const byIdentity = {
      where: { issuer_subject: { issuer, subject } },
      select: { id: true, displayName: true },
    };
    const found = await prisma.user.findUnique(byIdentity);
    const now = clock.now();
    if (found) {
      // Who was given projects before they came has no name yet.
      if (found.displayName === null && displayName !== null) {
        await prisma.user.updateMany({ where: { id: found.id }, data: { displayName, updatedAt: now } });
      }
      return found.id;
    }
    // ON CONFLICT DO NOTHING: the loser of a race reads the winner's row below.
    await prisma.user.createMany({
      data: [{ id: newId(), issuer, subject, displayName, createdAt: now, updatedAt: now }],
      skipDuplicates: true,
    });
    return (await prisma.user.findUniqueOrThrow(byIdentity)).id;
  }

  return {
    async isSuspended(id) {
      const user = await prisma.user.findUnique({ where: { id }, select: { suspendedAt: true } });
      return user?.suspendedAt != null;
    },
    async idOf(identity) {
      const key = JSON.stringify([identity.issuer, identity.subject]);
      const id = known.get(key) ?? (await findOrCreate(identity));
      known.set(key, id);
      return id;
    },
  };
}
