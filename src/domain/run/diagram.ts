import type { GraphNode } from "./graph.ts";
import { WORKSTREAM_STATES, type WorkstreamStatus } from "./state.ts";

/** A workstream as the diagram shows it. */
export interface DrawnWorkstream extends GraphNode {
  readonly title: string;
  readonly status: WorkstreamStatus;
}

/** Fill and border of each state: waiting grey, ready blue, worked on amber, good green, bad red, given up violet. */
const COLOURS: Record<WorkstreamStatus, readonly [fill: string, stroke: string]> = {
  PENDING: ["#f1f5f9", "#64748b"],
  READY: ["#dbeafe", "#2563eb"],
  EDITING: ["#fef3c7", "#b45309"],
  STATIC_CHECK: ["#fef3c7", "#b45309"],
  FIXING: ["#fef3c7", "#b45309"],
  RUNTIME_CHECK: ["#fef3c7", "#b45309"],
  DONE: ["#dcfce7", "#15803d"],
  FAILED: ["#fee2e2", "#b91c1c"],
  BLOCKED: ["#ffe4e6", "#be123c"],
  ABANDONED: ["#ede9fe", "#6d28d9"],
};

/** A run's graph as a Mermaid flowchart: an arrow leads from each workstream to what waits for it. */
export function runDiagram(workstreams: readonly DrawnWorkstream[]): string {
  const ids = new Map(workstreams.map(({ key }, index) => [key, `w${index}`]));
  const states = WORKSTREAM_STATES.filter(({ name }) => workstreams.some(({ status }) => status === name));
  return [
    "flowchart LR",
    ...workstreams.map(
      ({ key, title, status }) =>
        `  ${ids.get(key)}["${escapeLabel(title)}<br/>${stateTitle(status)}"]:::${status}`,
    ),
    ...workstreams.flatMap(({ key, dependsOn }) =>
      dependsOn.map((dependency) => `  ${ids.get(dependency)} --> ${ids.get(key)}`),
    ),
    ...states.map(({ name }) => {
      const [fill, stroke] = COLOURS[name];
      return `  classDef ${name} fill:${fill},stroke:${stroke},color:#0f172a`;
    }),
  ].join("\n");
}

function stateTitle(status: WorkstreamStatus): string {
  return WORKSTREAM_STATES.find(({ name }) => name === status)?.title ?? status;
}

/** Mermaid reads markup and entities in labels: a title must come out as the text that it is. */
function escapeLabel(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,!?()+=/_-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
