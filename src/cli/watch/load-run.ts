import { ask, type Endpoint } from "../client/endpoint.ts";
import { RUN_PAGE, type RunPage, type WatchedRun, type WatchedWorkstream } from "./operations.ts";

/** A run with all its workstreams, in as many pages as it takes; null when there is none with that id. */
export async function loadRun(
  endpoint: Endpoint,
  id: string,
  signal: AbortSignal,
): Promise<WatchedRun | null> {
  const workstreams: WatchedWorkstream[] = [];
  let after: string | null = null;
  for (;;) {
    const page: RunPage = await ask(endpoint, RUN_PAGE, { id, after }, signal);
    if (!page.node) return null;
    workstreams.push(...page.node.workstreams.nodes);
    const { hasNextPage, endCursor } = page.node.workstreams.pageInfo;
    if (!hasNextPage) return { ...page.node, workstreams };
    after = endCursor;
  }
}
