import type { WatchedWorkstream } from "./operations.ts";

/** How far along the machine's way to DONE each state is, where no steps are planned. */
const WAY = ["EDITING", "STATIC_CHECK", "FIXING", "RUNTIME_CHECK", "DONE"];

/**
 * How much of a workstream is done, 0 to 1: by the step that was tried last among those planned, else by its status.
 * 1 only when it is DONE; it falls when work starts over.
 */
export function progress({ status, steps, attempts }: WatchedWorkstream): number {
  if (status === "DONE") return 1;
  const newest = attempts.nodes.at(-1);
  const place = newest === undefined ? -1 : steps.indexOf(newest.step);
  if (newest !== undefined && place >= 0) {
    const passed = newest.status === "SUCCESS" || newest.status === "SKIPPED" ? place + 1 : place;
    // One more than there are steps: the last one is not the end, DONE is.
    return passed / (steps.length + (passed === steps.length ? 1 : 0));
  }
  return (WAY.indexOf(status) + 1) / WAY.length;
}

/** A bar of that many columns, and the share in percent, rounded down. */
export function bar(share: number, columns: number): { readonly bar: string; readonly percent: string } {
  const filled = Math.floor(share * columns);
  return {
    bar: "█".repeat(filled) + "░".repeat(columns - filled),
    percent: `${Math.floor(share * 100)} %`.padStart(5),
  };
}
