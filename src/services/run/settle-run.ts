import type { NewEvent } from "../../domain/event/event.ts";
import { deriveOutcome } from "../../domain/run/outcome.ts";
import { type Change, settle, type WorkstreamNode } from "../../domain/run/readiness.ts";
import type { BlockReason, RunStatus, WorkstreamStatus } from "../../domain/run/state.ts";
import { settleEscalations } from "../escalation/settle-escalations.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { mustBeMove } from "./must-be-move.ts";
import type { LockedRun, RunToEnd } from "./run-command.ts";

/**
 * Brings a run to rest after one of its workstreams has changed: what an answered escalation keeps waiting goes on
 * or goes next, what waits follows its dependencies, through the whole graph, and the run ends when nothing can
 * go on. @returns the events of all that, by the system
 */
export async function settleRun(locked: LockedRun): Promise<NewEvent[]> {
  const { run } = locked;
  const freed = await settleEscalations(locked);
  const { nodes, keys } = await loadGraph(locked);
  const changes = settle(nodes);
  for (const group of Map.groupBy(changes, shapeOf).values()) await write(locked, group);
  const moved = changes.map(
    ({ key: id, from, to }): NewEvent => ({
      ...aboutWorkstream({ id, runId: run.id }),
      type: "workstream_transition",
      actor: "SYSTEM",
      fromState: from.status,
      toState: to.status,
      detail: { key: keys.get(id) ?? null, cause: "DEPENDENCIES" },
    }),
  );
  const events = [...freed, ...moved];

  const changed = new Map(changes.map(({ key, to }) => [key, to]));
  const settled = nodes.map((node) => ({ ...node, ...changed.get(node.key) }));
  const outcome = deriveOutcome(settled);
  if (!outcome) return events;
  return [...events, await endRun(locked, outcome, { actor: "SYSTEM", cause: "OUTCOME" })];
}

/** Ends a run. @returns the event of it */
export async function endRun(
  { tx, run, now, sequence }: RunToEnd,
  to: RunStatus,
  { cause, ...said }: Pick<NewEvent, "actor" | "reason"> & { readonly cause: string },
): Promise<NewEvent> {
  mustBeMove("run", run.status, to);
  const { count } = await tx.run.updateMany({
    where: { id: run.id, status: run.status },
    data: { status: to, endedAt: now, endedSequence: sequence, pausedAt: null, updatedAt: now },
  });
  if (count !== 1) throw new Error(`Run ${run.id} changed under its project's lock`);
  return {
    ...aboutRun(run.id),
    ...said,
    type: "run_transition",
    fromState: run.status,
    toState: to,
    detail: { cause },
  };
}

/** A run's graph by ids, and the key of each. */
export async function loadGraph({
  tx,
  run,
}: Pick<LockedRun, "tx" | "run">): Promise<{ nodes: WorkstreamNode[]; keys: Map<string, string> }> {
  const rows = await tx.workstream.findMany({
    where: { runId: run.id },
    select: { id: true, key: true, status: true, blockedBy: true, replacedById: true },
    orderBy: { position: "asc" },
  });
  const edges = await tx.workstreamDependency.findMany({
    where: { runId: run.id },
    select: { workstreamId: true, dependsOnId: true },
  });
  const dependencies = Map.groupBy(edges, ({ workstreamId }) => workstreamId);
  const nodes = rows.map(({ id, status, blockedBy, replacedById }) => ({
    key: id,
    dependsOn: (dependencies.get(id) ?? []).map(({ dependsOnId }) => dependsOnId),
    status: status as WorkstreamStatus,
    blockedBy: blockedBy as BlockReason | null,
    replaced: replacedById !== null,
  }));
  return { nodes, keys: new Map(rows.map(({ id, key }) => [id, key])) };
}

/** Changes with the same shape are written by one statement. */
function shapeOf({ from, to }: Change): string {
  return `${from.status} ${to.status} ${to.blockedBy}`;
}

async function write({ tx, run, now, sequence }: LockedRun, group: readonly Change[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const { from, to } = first;
  mustBeMove("workstream", from.status, to.status);
  const { count } = await tx.workstream.updateMany({
    where: { id: { in: group.map(({ key }) => key) }, status: from.status },
    data: {
      status: to.status,
      blockedBy: to.blockedBy,
      readySequence: to.status === "READY" ? sequence : null,
      updatedAt: now,
    },
  });
  if (count !== group.length)
    throw new Error(`Workstreams of run ${run.id} changed under their project's lock`);
}
