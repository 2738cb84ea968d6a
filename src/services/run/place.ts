import { NotFoundError } from "../../domain/errors.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
import type { Services } from "../services.ts";

/** In which run of which project a thing is. Neither ever changes, so it may be read before the project is locked. */
export interface Place {
  readonly projectId: string;
  readonly runId: string;
}

const PROJECT = { select: { projectId: true } } as const;

/** @throws NotFoundError when there is no such run or it is someone else's */
export async function placeOfRun(
  { prisma }: Pick<Services, "prisma">,
  asker: Asker,
  id: string,
): Promise<Place> {
  const run = await prisma.run.findUnique({
    where: { id, project: projectsSeenBy(asker) },
    select: { projectId: true },
  });
  if (!run) throw new NotFoundError("There is no such run.");
  return { projectId: run.projectId, runId: id };
}

/** @throws NotFoundError when there is no such workstream or it is someone else's */
export async function placeOfWorkstream(
  { prisma }: Pick<Services, "prisma">,
  asker: Asker,
  id: string,
): Promise<Place> {
  const workstream = await prisma.workstream.findUnique({
    where: { id, run: { project: projectsSeenBy(asker) } },
    select: { runId: true, run: PROJECT },
  });
  if (!workstream) throw new NotFoundError("There is no such workstream.");
  return { projectId: workstream.run.projectId, runId: workstream.runId };
}

/** @throws NotFoundError when there is no such step attempt or it is someone else's */
export async function placeOfAttempt(
  { prisma }: Pick<Services, "prisma">,
  asker: Asker,
  id: string,
): Promise<Place & { readonly workstreamId: string }> {
  const attempt = await prisma.stepAttempt.findUnique({
    where: { id, run: { project: projectsSeenBy(asker) } },
    select: { workstreamId: true, runId: true, run: PROJECT },
  });
  if (!attempt) throw new NotFoundError("There is no such step attempt.");
  const { workstreamId, runId, run } = attempt;
  return { projectId: run.projectId, runId, workstreamId };
}
