import { ApolloClient, ApolloLink, gql, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import { tap } from "rxjs";
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
  // The next connection subscribes with the operation's variables as they are then.
  const resume = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        const cursor = data?.projectEvents?.cursor;
        if (cursor) operation.variables.after = cursor;
      }),
    ),
  );
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([resume, new GraphQLWsLink(socket)]),
  });
  const query = gql(PROJECT_EVENTS);
  const variables = { projectId, after };
  const events = client
    .subscribe<Answer>({ query, variables, fetchPolicy: "no-cache" })
    .subscribe(({ data, error }) => {
      if (error) console.error(error);
      if (data) onEvent(data.projectEvents);
    });
  return () => events.unsubscribe();
}
