import type { Prisma } from "../../generated/prisma/client.ts";
import { type Asker, membershipOf } from "../../services/account/seen-by.ts";

/** What a list of projects is narrowed by. */
export interface ProjectFilter {
  readonly status?: string | null | undefined;
  readonly stage?: number | null | undefined;
  readonly includeArchived?: boolean | null | undefined;
}

/** Of which projects, by their ids: those beyond a place in the list. */
export type ProjectIds = Prisma.UuidFilter<"ProjectMember"> | string;

/**
 * The viewer's projects that fit a filter. Whether one is archived is asked of the membership, in whose index the
 * projects then stand in their order: a page of them touches no others.
 */
export function projectFilter(filter: ProjectFilter, viewer: Asker, ids?: ProjectIds) {
  return {
    members: { some: membershipIn(filter, viewer, ids) },
    ...stateOf(filter),
  } satisfies Prisma.ProjectWhereInput;
}

/**
 * The viewer's memberships of the projects that fit a filter: as many as there are such projects, and cheaper to
 * count, since no project is looked at but for its status or its stage.
 */
export function membershipFilter(filter: ProjectFilter, viewer: Asker, ids?: ProjectIds) {
  const state = stateOf(filter);
  return {
    ...membershipIn(filter, viewer, ids),
    ...(Object.keys(state).length > 0 && { project: state }),
  } satisfies Prisma.ProjectMemberWhereInput;
}

function membershipIn({ includeArchived }: ProjectFilter, viewer: Asker, ids?: ProjectIds) {
  return {
    // Both may name a project: the one of a key, and a place in the list.
    AND: [membershipOf(viewer), ids === undefined ? {} : { projectId: ids }],
    ...(!includeArchived && { archivedAt: null }),
  } satisfies Prisma.ProjectMemberWhereInput;
}

function stateOf({ status, stage }: ProjectFilter) {
  return {
    ...(status != null && { status }),
    ...(stage != null && { stageNumber: stage === 0 ? null : stage }),
  } satisfies Prisma.ProjectWhereInput;
}

/** The ids on the far side of a page's cursor. The seek asks for them too, but only once a project has been looked at. */
export function beyond({
  cursor,
  take,
}: {
  readonly cursor?: Prisma.ProjectWhereUniqueInput;
  readonly take: number;
}) {
  if (cursor?.id === undefined) return undefined;
  return take > 0 ? { lt: cursor.id } : { gt: cursor.id };
}
