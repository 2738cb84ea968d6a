import { dependencyOrder, type GraphNode } from "./graph.ts";
import type { BlockReason, WorkstreamStatus } from "./state.ts";

/** How a workstream stands. */
export interface Standing {
  readonly status: WorkstreamStatus;
  /** Set when it is BLOCKED, and only then. */
  readonly blockedBy: BlockReason | null;
}

/** A workstream in its run's graph. */
export interface WorkstreamNode extends GraphNode, Standing {
  /** Another one has taken its place after it failed or was abandoned. */
  readonly replaced: boolean;
}

/** A workstream that stands otherwise than before. */
export interface Change {
  readonly key: string;
  readonly from: Standing;
  readonly to: Standing;
}

/**
 * How a workstream that waits stands, by how those stand that it depends on: BLOCKED when one of them is
 * lost, READY when all of them are done, otherwise PENDING. Lost is what failed, was abandoned, or is
 * itself blocked by its dependencies; one that a person holds is only late.
 */
export function standingAfter(dependencies: readonly Standing[]): Standing {
  if (dependencies.some(isLost)) return { status: "BLOCKED", blockedBy: "DEPENDENCY" };
  const ready = dependencies.every(({ status }) => status === "DONE");
  return { status: ready ? "READY" : "PENDING", blockedBy: null };
}

/**
 * Lets every workstream that waits follow those that it depends on, through the whole graph: readiness,
 * blocking and recovery. What is worked on, has ended or is held stays as it is.
 *
 * @returns what has to change, dependencies first; nothing when the graph is settled
 */
export function settle(nodes: readonly WorkstreamNode[]): Change[] {
  const standing = new Map<string, Standing>(nodes.map((node) => [node.key, node]));
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const changes: Change[] = [];
  for (const key of dependencyOrder(nodes)) {
    const node = byKey.get(key);
    if (!node || !followsDependencies(node)) continue;
    const dependencies = node.dependsOn.flatMap((dependency) => standing.get(dependency) ?? []);
    const to = standingAfter(dependencies);
    if (to.status === node.status && to.blockedBy === node.blockedBy) continue;
    standing.set(key, to);
    changes.push({ key, from: { status: node.status, blockedBy: node.blockedBy }, to });
  }
  return changes;
}

function isLost({ status, blockedBy }: Standing): boolean {
  return (
    status === "FAILED" || status === "ABANDONED" || (status === "BLOCKED" && blockedBy === "DEPENDENCY")
  );
}

function followsDependencies({ status, blockedBy }: Standing): boolean {
  return status === "PENDING" || status === "READY" || (status === "BLOCKED" && blockedBy === "DEPENDENCY");
}
