import type { NewEvent } from "../../domain/event/event.ts";

type About = Pick<NewEvent, "subject" | "subjectId" | "runId" | "workstreamId">;

/** What an event about an escalation is about: it is in the timeline of its run as well. */
export function aboutEscalation({
  id,
  runId,
  workstreamId,
}: {
  readonly id: string;
  readonly runId: string;
  readonly workstreamId: string;
}): About {
  return { subject: "ESCALATION", subjectId: id, runId, workstreamId };
}
