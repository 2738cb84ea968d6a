import { ConflictError, ValidationError, type ValidationIssue } from "../../domain/errors.ts";
import type { NewEvent } from "../../domain/event/event.ts";
import { blockerOf } from "../../domain/guard.ts";
import { parseInput } from "../../domain/parse.ts";
import { findCycle, MAX_DEPENDENCIES, MAX_WORKSTREAMS } from "../../domain/run/graph.ts";
import { type RunInput, runInputs, type WorkstreamPlan } from "../../domain/run/inputs.ts";
import { standingAfter, type WorkstreamNode } from "../../domain/run/readiness.ts";
import type { Caller, CommandResult } from "../command/command.ts";
import { refusedByConflict, refusedByRule } from "../command/locked.ts";
import type { Services } from "../services.ts";
import { aboutRun, aboutWorkstream } from "./about.ts";
import { placeOfRun } from "./place.ts";
import { refusedByEnd, runRunCommand } from "./run-command.ts";
import { loadGraph, settleRun } from "./settle-run.ts";

/**
 * Adds a workstream to a run that has not ended. It may take the place of one that failed or was abandoned:
 * whatever waited for that one then waits for the new one, and what was blocked by it recovers.
 *
 * @throws ValidationError for a dependency that is not there, twice the same or replaced, and for a cycle;
 *   NotFoundError, GuardRejectedError (RUN_ENDED, NOTHING_TO_REPLACE, ARCHIVED), ConflictError when the key is
 *   taken or the run is full
 */
export async function createWorkstream(
  services: Services,
  caller: Caller,
  raw: RunInput<"createWorkstream">,
): Promise<CommandResult> {
  const input = parseInput(runInputs.createWorkstream, raw);
  const { runId, replaces, ...plan } = input;
  const place = await placeOfRun(services, caller, runId);
  return runRunCommand(services, caller, { command: "createWorkstream", ...place, input }, async (locked) => {
    const { tx, run, now, sequence } = locked;
    const ended = refusedByEnd(run, aboutRun(runId));
    if (ended) return ended;
    const { nodes, keys } = await loadGraph(locked);
    const ids = new Map([...keys].map(([id, key]) => [key, id]));
    const byId = new Map(nodes.map((node) => [node.key, node]));
    const twin = byId.get(ids.get(plan.key) ?? "");
    if (twin) {
      const message = `The run has a workstream "${plan.key}" already.`;
      return refusedByConflict(new ConflictError(message, twin.status), aboutRun(runId));
    }
    const edges = nodes.reduce((sum, { dependsOn }) => sum + dependsOn.length, plan.dependsOn.length);
    if (nodes.length >= MAX_WORKSTREAMS || edges > MAX_DEPENDENCIES) {
      const message = `A run holds at most ${MAX_WORKSTREAMS} workstreams with ${MAX_DEPENDENCIES} dependencies.`;
      return refusedByConflict(new ConflictError(message, "FULL"), aboutRun(runId));
    }
    const replaced = replaces === undefined ? undefined : byId.get(ids.get(replaces) ?? "");
    if (replaces !== undefined && (!replaced || !isReplaceable(replaced))) {
      const rejection = { ...blockerOf("NOTHING_TO_REPLACE"), to: null, allowed: [] };
      return refusedByRule({ ...rejection, from: replaced?.status ?? null }, aboutRun(runId));
    }
    const issues = dependencyIssues(plan, replaced, ids, byId);
    if (issues.length > 0) throw new ValidationError(issues);

    const dependencies = plan.dependsOn.flatMap((key) => byId.get(ids.get(key) ?? "") ?? []);
    const standing = standingAfter(dependencies);
    const id = services.ids.next();
    await tx.workstream.create({
      data: {
        id,
        runId,
        key: plan.key,
        title: plan.title ?? plan.key,
        ...standing,
        readySequence: standing.status === "READY" ? sequence : null,
        position: nodes.length,
        steps: plan.steps,
        metadata: plan.metadata,
        createdAt: now,
        updatedAt: now,
      },
    });
    await tx.workstreamDependency.createMany({
      data: dependencies.map(({ key: dependsOnId }) => ({ workstreamId: id, dependsOnId, runId })),
    });
    if (replaced) {
      await tx.workstream.update({ where: { id: replaced.key }, data: { replacedById: id, updatedAt: now } });
      await tx.workstreamDependency.updateMany({
        where: { dependsOnId: replaced.key },
        data: { dependsOnId: id },
      });
    }
    const created: NewEvent = {
      ...aboutWorkstream({ id, runId }),
      type: "workstream_created",
      toState: standing.status,
      detail: { key: plan.key, dependsOn: plan.dependsOn, replaces: replaces ?? null },
    };
    return { id, events: [created, ...(await settleRun(locked))] };
  });
}

function isReplaceable({ status, replaced }: WorkstreamNode): boolean {
  return !replaced && (status === "FAILED" || status === "ABANDONED");
}

function dependencyIssues(
  { key, dependsOn }: WorkstreamPlan,
  replaced: WorkstreamNode | undefined,
  ids: ReadonlyMap<string, string>,
  byId: ReadonlyMap<string, WorkstreamNode>,
): ValidationIssue[] {
  const issues = dependsOn.flatMap((dependency, place): ValidationIssue[] => {
    const path = `dependsOn.${place}`;
    if (dependency === key) return [{ path, message: `"${key}" cannot depend on itself` }];
    const node = byId.get(ids.get(dependency) ?? "");
    if (!node) return [{ path, message: `there is no workstream "${dependency}" in the run` }];
    if (node === replaced || node.replaced)
      return [{ path, message: `"${dependency}" is replaced by another` }];
    if (dependsOn.indexOf(dependency) !== place) return [{ path, message: `"${dependency}" is given twice` }];
    return [];
  });
  if (issues.length > 0 || !replaced) return issues;
  // Whatever waits for the one that is replaced will wait for the new one: it must not be waited for by it.
  const keyOf = new Map([...ids].map(([name, id]) => [id, name]));
  const graph = [...byId.values()].map((node) => ({
    key: keyOf.get(node.key) ?? "",
    dependsOn: node.dependsOn.map((id) => (id === replaced.key ? key : (keyOf.get(id) ?? ""))),
  }));
  const cycle = findCycle([...graph, { key, dependsOn }]);
  if (!cycle) return [];
  return [
    { path: "dependsOn", message: `the dependencies go in a circle: ${cycle.slice(0, 12).join(" → ")}` },
  ];
}
