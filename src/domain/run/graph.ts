import type { ValidationIssue } from "../errors.ts";

/** How many workstreams a run may have, and how many dependencies between them. */
export const MAX_WORKSTREAMS = 1_000;
export const MAX_DEPENDENCIES = 10_000;

/** A workstream and the keys of those that it depends on. */
export interface GraphNode {
  readonly key: string;
  readonly dependsOn: readonly string[];
}

/**
 * What keeps workstreams from being a graph without cycles: keys that are given twice, dependencies on what
 * is not there, on itself or twice on the same, more than 10,000 dependencies, and cycles, each with where
 * in the list it stands. A cycle is looked for only where nothing else is wrong.
 */
export function graphIssues(nodes: readonly GraphNode[]): ValidationIssue[] {
  const keys = new Set<string>();
  const issues: ValidationIssue[] = [];
  nodes.forEach(({ key }, index) => {
    if (keys.has(key)) issues.push({ path: `workstreams.${index}.key`, message: `"${key}" is given twice` });
    keys.add(key);
  });
  nodes.forEach(({ key, dependsOn }, index) => {
    const seen = new Set<string>();
    dependsOn.forEach((dependency, place) => {
      const path = `workstreams.${index}.dependsOn.${place}`;
      if (dependency === key) issues.push({ path, message: `"${key}" cannot depend on itself` });
      else if (!keys.has(dependency))
        issues.push({ path, message: `there is no workstream "${dependency}"` });
      else if (seen.has(dependency)) issues.push({ path, message: `"${dependency}" is given twice` });
      seen.add(dependency);
    });
  });
  const edges = nodes.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0);
  if (edges > MAX_DEPENDENCIES) {
    const message = `must not have more than ${MAX_DEPENDENCIES.toLocaleString("en")} dependencies together`;
    issues.push({ path: "workstreams", message });
  }
  if (issues.length > 0) return issues;
  const cycle = findCycle(nodes);
  if (!cycle) return [];
  const shown = cycle.length > 12 ? [...cycle.slice(0, 6), "…", ...cycle.slice(-5)] : cycle;
  return [{ path: "workstreams", message: `the dependencies go in a circle: ${shown.join(" → ")}` }];
}

/** A way along dependencies from a workstream back to it, its key first and last; null when there is none. */
export function findCycle(nodes: readonly GraphNode[]): string[] | null {
  const rest = new Map(nodes.map(({ key, dependsOn }) => [key, dependsOn]));
  for (const key of dependencyOrder(nodes)) rest.delete(key);
  const [start] = rest.keys();
  if (start === undefined) return null;
  // Whatever is left has a dependency that is left: following them must come back to where it has been.
  const path = [start];
  for (let key = start; ; ) {
    const next = rest.get(key)?.find((dependency) => rest.has(dependency));
    if (next === undefined) throw new Error(`"${key}" is on no cycle and in no order`);
    const seen = path.indexOf(next);
    path.push(next);
    if (seen >= 0) return path.slice(seen);
    key = next;
  }
}

/** The keys in an order in which each comes after its dependencies; what lies on or behind a cycle is left out. */
export function dependencyOrder(nodes: readonly GraphNode[]): string[] {
  const waiting = new Map(nodes.map(({ key, dependsOn }) => [key, dependsOn.length]));
  const dependents = new Map<string, string[]>();
  for (const { key, dependsOn } of nodes) {
    for (const dependency of dependsOn) {
      const known = dependents.get(dependency);
      if (known) known.push(key);
      else dependents.set(dependency, [key]);
    }
  }
  const order = nodes.filter(({ dependsOn }) => dependsOn.length === 0).map(({ key }) => key);
  // The array grows while it is walked: what becomes free is appended.
  for (const key of order) {
    for (const dependent of dependents.get(key) ?? []) {
      const left = (waiting.get(dependent) ?? 0) - 1;
      waiting.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}
