import { createClient } from "graphql-ws";
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
    url: url.replace("http", "ws"),
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Also when nothing listens yet: that is an error event, of which graphql-ws by itself makes the end.
    shouldRetry: () => true,
    retryWait: waitBeforeRetry,
  });
  const variables = { projectId, after };
  return client.subscribe<Answer>(
    { query: PROJECT_EVENTS, variables },
    {
      next({ data }) {
        if (!data) return;
        onEvent(data.projectEvents);
        // The next connection subscribes with these variables as they are then.
        variables.after = data.projectEvents.cursor;
      },
      error: console.error,
      complete() {},
    },
  );
}
