import { ask, ServerRefusal } from "../client/endpoint.ts";
import { RUN_EVENTS } from "../client/event.ts";
import { loadRun } from "./load-run.ts";
import { RUN_HEAD, RUN_REST, type RunHead, type RunRest } from "./operations.ts";
import { PAST_EVENTS, type Rest, type WatchOptions, watchLog } from "./watch-log.ts";

const OVER = new Set(["COMPLETED", "FAILED", "PARTIAL", "ABANDONED"]);

/** Watches a run until it has ended; whether it completed. */
export async function watchRun(options: WatchOptions): Promise<boolean> {
  const { endpoint, id, signal } = options;
  const { node: head } = await ask<RunHead>(endpoint, RUN_HEAD, { id, last: PAST_EVENTS }, signal);
  if (!head) throw new ServerRefusal(`There is no run ${id} on ${endpoint.url}.`);
  let status = "";
  async function loadRest(cursor: string): Promise<Rest> {
    const { node } = await ask<RunRest>(endpoint, RUN_REST, { id, after: cursor }, signal);
    if (!node) throw new ServerRefusal(`There is no run ${id} on ${endpoint.url} any more.`);
    status = node.status;
    if (!OVER.has(status)) return { kind: "open" };
    const last = node.last.nodes.at(-1);
    return node.next.nodes.length > 0 && last ? { kind: "ends", cursor: last.cursor } : { kind: "read" };
  }
  await watchLog(options, {
    head,
    subscription: RUN_EVENTS,
    loadRun: () => loadRun(endpoint, id, signal),
    loadRest,
  });
  return status === "COMPLETED";
}
