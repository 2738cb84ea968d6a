import { NotFoundError } from "../../domain/errors.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
import type { Place } from "../run/place.ts";
import type { Services } from "../services.ts";

/** @throws NotFoundError when there is no such escalation or it is someone else's */
export async function placeOfEscalation(
  { prisma }: Pick<Services, "prisma">,
  asker: Asker,
  id: string,
): Promise<Place> {
  const escalation = await prisma.agentEscalation.findUnique({
    where: { id, project: projectsSeenBy(asker) },
    select: { projectId: true, runId: true },
  });
  if (!escalation) throw new NotFoundError("There is no such escalation.");
  return escalation;
}
