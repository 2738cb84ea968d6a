import { createClient } from "graphql-sse";
import { type Answer, PROJECT_EVENTS, type ProjectEvent } from "./event.ts";
import { waitBeforeRetry } from "./retry.ts";

/** @returns stops following */
export function follow(
  url: string,
  projectId: string,
  after: string,
  onEvent: (event: ProjectEvent) => void,
): () => void {
  const client = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: waitBeforeRetry,
  });
  const variables = { projectId, after };
  return client.subscribe<Answer>(
    { query: PROJECT_EVENTS, variables },
    {
      next({ data }) {
        if (!data) return;
        onEvent(data.projectEvents);
        // The next request is made of these variables as they are then.
        variables.after = data.projectEvents.cursor;
      },
      error: console.error,
      complete() {},
    },
  );
}
