/** What happened, as the API tells it. What only some events have is missing from the others. */
export interface WatchedEvent {
  readonly id: string;
  readonly sequence: number;
  readonly cursor: string;
  readonly subject: string;
  readonly type: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly fromState?: string | null;
  readonly toState?: string | null;
  readonly fromStage?: string | null;
  readonly toStage?: string | null;
  readonly run?: { readonly id: string; readonly title: string; readonly status: string } | null;
  readonly workstream?: {
    readonly id: string;
    readonly key: string;
    readonly title: string;
    readonly status: string;
  } | null;
  readonly gate?: { readonly id: string; readonly gateType: string } | null;
  readonly risk?: { readonly id: string; readonly message: string } | null;
  readonly keys?: readonly string[];
}

/** What a subscription selects of an event. */
export const EVENT = `fragment WatchedEvent on Event {
  id sequence cursor subject type actor reason detail createdAt
  ... on RunEvent { fromState toState run { id title status } workstream { id key title status } }
  ... on EscalationEvent { run { id title status } workstream { id key title status } }
  ... on StageEvent { fromStage toStage }
  ... on GateEvent { gate { id gateType } }
  ... on RiskEvent { risk { id message } }
  ... on MilestoneEvent { keys }
}`;

export const RUN_EVENTS = `subscription WatchRunEvents($id: ID!, $after: String!) {
  event: runEvents(runId: $id, after: $after) { ...WatchedEvent }
}
${EVENT}`;
