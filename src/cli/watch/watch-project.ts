import { ask, ServerRefusal } from "../client/endpoint.ts";
import { loadRun } from "./load-run.ts";
import { NEWEST_RUN, type NewestRun, PROJECT_EVENTS, PROJECT_HEAD, type ProjectHead } from "./operations.ts";
import { PAST_EVENTS, type WatchOptions, watchLog } from "./watch-log.ts";

/** Watches a project until the signal is aborted, with its newest run. A project is never over. */
export async function watchProject(options: WatchOptions): Promise<boolean> {
  const { endpoint, id, signal } = options;
  const { project: head } = await ask<ProjectHead>(endpoint, PROJECT_HEAD, { id, last: PAST_EVENTS }, signal);
  if (!head) throw new ServerRefusal(`There is no project ${id} on ${endpoint.url}.`);

  async function loadNewestRun() {
    const { project } = await ask<NewestRun>(endpoint, NEWEST_RUN, { id }, signal);
    const newest = project?.runs.nodes[0];
    return newest === undefined ? null : loadRun(endpoint, newest.id, signal);
  }

  await watchLog(options, {
    head,
    subscription: PROJECT_EVENTS,
    loadRun: loadNewestRun,
    loadRest: async () => ({ kind: "open" }),
  });
  return true;
}
