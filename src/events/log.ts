import type { Event, PrismaClient } from "../generated/prisma/client.ts";

/** An event as its row is: what the streams carry and the schema's Event types read. */
export type EventRow = Event;

/** Where a project's log ends. */
export interface ProjectHead {
  readonly id: string;
  readonly eventSequence: number;
}

/** Where the log of a project ends that somebody is a member of, and where it began to be theirs. */
export interface MemberHead {
  readonly userId: string;
  readonly projectId: string;
  /** The event by which they became a member. */
  readonly sinceSequence: number;
  readonly eventSequence: number;
}

/** Reads the log in order. */
export interface EventLog {
  /** The events of a project after a sequence, in order, at most `limit`. */
  readAfter(projectId: string, sequence: number, limit: number): Promise<EventRow[]>;
  headsOfProjects(projectIds: readonly string[]): Promise<ProjectHead[]>;
  headsOfMembers(userIds: readonly string[]): Promise<MemberHead[]>;
}

/** How many events are read at a time. */
export const PAGE = 500;

/** A project's events after a sequence, in order, read a page at a time until there are no more. */
export async function* replay(
  log: EventLog,
  projectId: string,
  after: number,
): AsyncGenerator<EventRow, void> {
  for await (const page of replayPages(log, projectId, after)) yield* page;
}

/** The same, page by page; none is empty. */
export async function* replayPages(
  log: EventLog,
  projectId: string,
  after: number,
): AsyncGenerator<readonly EventRow[], void> {
  let last = after;
  for (;;) {
    const page = await log.readAfter(projectId, last, PAGE);
    const end = page.at(-1);
    if (end) yield page;
    if (!end || page.length < PAGE) return;
    last = end.sequence;
  }
}

/** All columns, by name: what is selected is known before it is read, so that the read can be a prepared one. */
const COLUMNS = {
  id: true,
  projectId: true,
  sequence: true,
  correlationId: true,
  subject: true,
  subjectId: true,
  runId: true,
  workstreamId: true,
  type: true,
  fromState: true,
  toState: true,
  actor: true,
  reason: true,
  detail: true,
  hash: true,
  createdAt: true,
} as const satisfies Readonly<Record<keyof EventRow, true>>;

export function createEventLog(prisma: PrismaClient): EventLog {
  const select = { id: true, eventSequence: true } as const;
  return {
    readAfter: (projectId, sequence, take) =>
      prisma.event.findMany({
        select: COLUMNS,
        where: { projectId, sequence: { gt: sequence } },
        orderBy: { sequence: "asc" },
        take,
      }),
    headsOfProjects: (ids) => prisma.project.findMany({ where: { id: { in: [...ids] } }, select }),
    headsOfMembers: async (ids) => {
      const rows = await prisma.projectMember.findMany({
        where: { userId: { in: [...ids] } },
        select: {
          userId: true,
          projectId: true,
          sinceSequence: true,
          project: { select: { eventSequence: true } },
        },
      });
      return rows.map(({ project, ...row }) => ({ ...row, ...project }));
    },
  };
}
