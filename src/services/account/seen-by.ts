import { rolesWith } from "../../domain/account/permissions.ts";
import { Prisma } from "../../generated/prisma/client.ts";

/** Who asks, as far as it decides what they may see. A `Viewer` and a `Caller` are ones. */
export interface Asker {
  readonly userId: string;
  /** The API key that they ask with, if it is one, and the one project that it opens, if it is bound to one. */
  readonly key?: { readonly id: string; readonly projectId: string | null } | null;
}

/** The membership that somebody sees a project by. Lists of projects are read by it, in the order of its index. */
export function membershipOf({ userId, key }: Asker) {
  const bound = key?.projectId;
  return { userId, ...(bound != null && { projectId: bound }) } satisfies Prisma.ProjectMemberWhereInput;
}

/**
 * Which projects somebody may see, those that they are a member of: the one place that says so for Prisma's reads.
 * Whatever is read by an id from outside is read with it, directly (`project`) or through its project
 * (`run: { project: … }`), so that what is someone else's is not there.
 */
export function projectsSeenBy(asker: Asker) {
  return { members: { some: membershipOf(asker) } } satisfies Prisma.ProjectWhereInput;
}

/** The same for written SQL, in which the project's table goes by the name `p`. */
export function seesProject({ userId, key }: Asker): Prisma.Sql {
  const bound = key?.projectId;
  const here = bound == null ? Prisma.empty : Prisma.sql`AND seen.project_id = ${bound}::uuid`;
  return Prisma.sql`EXISTS (
    SELECT 1 FROM project_member seen WHERE seen.project_id = p.id AND seen.user_id = ${userId}::uuid ${here})`;
}

/** The projects in which somebody has one of those roles. */
export function projectsWithRole(asker: Asker, roles: readonly string[]) {
  return {
    members: { some: { ...membershipOf(asker), role: { in: [...roles] } } },
  } satisfies Prisma.ProjectWhereInput;
}

/** The users that somebody may see: themselves, the owners of their projects, and the members where they see members. */
export function usersSeenBy(asker: Asker) {
  const project = projectsWithRole(asker, rolesWith("READ_MEMBERS"));
  return {
    OR: [
      { id: asker.userId },
      { projects: { some: projectsSeenBy(asker) } },
      { memberships: { some: { project } } },
    ],
  } satisfies Prisma.UserWhereInput;
}
