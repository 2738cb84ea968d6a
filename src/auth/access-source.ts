import type { PrismaClient } from "../generated/prisma/client.ts";

/** What is to be looked at: users, and the keys and projects that something is open with. */
export interface AccessQuestion {
  readonly userIds: readonly string[];
  readonly keyIds: readonly string[];
  readonly projectIds: readonly string[];
}

/** What holds of them now. */
export interface AccessAnswer {
  readonly suspended: ReadonlySet<string>;
  /** Keys that are revoked. */
  readonly revoked: ReadonlySet<string>;
  /** `user project` for every membership among them. */
  readonly memberships: ReadonlySet<string>;
}

/** Reads who may still do what, in three statements at the most whatever their number. */
export type AccessSource = (question: AccessQuestion) => Promise<AccessAnswer>;

export function membershipKey(userId: string, projectId: string): string {
  return `${userId} ${projectId}`;
}

export function createAccessSource(prisma: PrismaClient): AccessSource {
  return async ({ userIds, keyIds, projectIds }) => {
    const [suspended, revoked, memberships] = await Promise.all([
      prisma.user.findMany({
        where: { id: { in: [...userIds] }, suspendedAt: { not: null } },
        select: { id: true },
      }),
      keyIds.length === 0
        ? []
        : prisma.apiKey.findMany({
            where: { id: { in: [...keyIds] }, revokedAt: { not: null } },
            select: { id: true },
          }),
      projectIds.length === 0
        ? []
        : prisma.projectMember.findMany({
            where: { userId: { in: [...userIds] }, projectId: { in: [...projectIds] } },
            select: { userId: true, projectId: true },
          }),
    ]);
    return {
      suspended: new Set(suspended.map(({ id }) => id)),
      revoked: new Set(revoked.map(({ id }) => id)),
      memberships: new Set(memberships.map(({ userId, projectId }) => membershipKey(userId, projectId))),
    };
  };
}
