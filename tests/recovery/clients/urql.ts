import { Client, subscriptionExchange } from "@urql/core";
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
  const socket = createClient({
    url: url.replace("http", "ws"),
    keepAlive: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Also when nothing listens yet: that is an error event, of which graphql-ws by itself makes the end.
    shouldRetry: () => true,
    retryWait: waitBeforeRetry,
  });
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe(sink) {
            // The next connection subscribes with these variables as they are then.
            const current = { ...variables };
            const unsubscribe = socket.subscribe<Answer>(
              { query, variables: current },
              {
                ...sink,
                next(result) {
                  sink.next(result as Parameters<typeof sink.next>[0]);
                  if (result.data) current.after = result.data.projectEvents.cursor;
                },
              },
            );
            return { unsubscribe };
          },
        }),
      }),
    ],
  });
  const events = client
    .subscription<Answer>(PROJECT_EVENTS, { projectId, after })
    .subscribe(({ data, error }) => {
      if (error) console.error(error);
      if (data) onEvent(data.projectEvents);
    });
  return () => events.unsubscribe();
}
