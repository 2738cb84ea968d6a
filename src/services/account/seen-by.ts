import { Prisma } from "../../generated/prisma/client.ts";

/** Who asks, as far as it decides what they may see. A `Viewer` and a `Caller` are ones. */
export interface Asker {
  readonly userId: string;
}

/**
 * Which projects somebody may see: the one place that says so for Prisma's reads. Whatever is read by an id from
 * outside is read with it, directly (`project`) or through its project (`run: { project: … }`), so that what is
 * someone else's is not there.
 */
export function projectsSeenBy({ userId }: Asker) {
  return { ownerId: userId } satisfies Prisma.ProjectWhereInput;
}

/** The same for written SQL, in which the project's table goes by the name `p`. */
export function seesProject({ userId }: Asker): Prisma.Sql {
  return Prisma.sql`p.owner_id = ${userId}::uuid`;
}
