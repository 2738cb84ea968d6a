import type { NewEvent } from "../../domain/event/event.ts";

type About = Pick<NewEvent, "subject" | "subjectId" | "runId" | "workstreamId">;

/** What an event about a run is about. */
export function aboutRun(runId: string): About {
  return { subject: "RUN", subjectId: runId, runId };
}

/** What an event about a workstream is about. */
export function aboutWorkstream({ id, runId }: { readonly id: string; readonly runId: string }): About {
  return { subject: "RUN", subjectId: id, runId, workstreamId: id };
}
