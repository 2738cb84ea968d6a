import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { OperationName } from "./operation-name.ts";

/**
 * How an operation ended: `ok`; `error`, at least one that the client can act on; `rejected`, before it was executed;
 * `fault`, ours.
 */
export type Outcome = "ok" | "error" | "rejected" | "fault";
export type StreamTransport = "websocket" | "sse";

interface Finished {
  readonly name: OperationName;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** How many finished operations wait to be counted: little memory, and a fraction of a millisecond to count. */
const MAX_UNCOUNTED = 500;

/** What this server counts, in a registry of its own: two servers in one process do not mix. */
export interface Metrics {
  /** One finished query or mutation, or one opened subscription (whose duration, in seconds, is not observed). */
  operation(name: OperationName, outcome: Outcome, seconds: number): void;
  /** Returns the function that counts it as closed. */
  subscriptionOpened(transport: StreamTransport): () => void;
  /** Returns the function that counts it as closed. */
  webSocketOpened(): () => void;
  eventAppended(subject: string): void;
  jobFinished(queue: string, outcome: "completed" | "failed"): void;
  /** The text that GET /metrics answers with. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Makes the metrics of one server, with Node's own process metrics. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: "gatehouse_graphql_operations_total",
    help: "GraphQL operations by type, root field and outcome.",
    labelNames: ["type", "field", "outcome"] as const,
    registers,
  });
  const duration = new Histogram({
    name: "gatehouse_graphql_operation_duration_seconds",
    help: "Time from request to answer of queries and mutations.",
    labelNames: ["type", "field"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const subscriptions = new Gauge({
    name: "gatehouse_open_subscriptions",
    help: "Subscriptions that are open now.",
    labelNames: ["transport"] as const,
    registers,
  });
  const webSockets = new Gauge({
    name: "gatehouse_open_websockets",
    help: "WebSocket connections that are open now.",
    registers,
  });
  const events = new Counter({
    name: "gatehouse_events_appended_total",
    help: "Events appended to the log, by subject.",
    labelNames: ["subject"] as const,
    registers,
  });
  const jobs = new Counter({
    name: "gatehouse_jobs_total",
    help: "Jobs that a worker finished, by queue and outcome.",
    labelNames: ["queue", "outcome"] as const,
    registers,
  });
  // A gauge with labels shows nothing until it is first set; 0 open is worth showing.
  for (const transport of ["websocket", "sse"]) subscriptions.set({ transport }, 0);

  // Counted many at a time: one by one, between other work, each costs ten times as much, a fiftieth of a small read.
  let uncounted: Finished[] = [];
  const count = () => {
    const finished = uncounted;
    uncounted = [];
    for (const { name, outcome, seconds } of finished) {
      const { type, field } = name;
      operations.inc({ type, field, outcome });
      if (type === "query" || type === "mutation") duration.observe({ type, field }, seconds);
    }
  };

  return {
    operation(name, outcome, seconds) {
      if (uncounted.push({ name, outcome, seconds }) >= MAX_UNCOUNTED) count();
    },
    subscriptionOpened: (transport) => raise(subscriptions.labels(transport)),
    webSocketOpened: () => raise(webSockets),
    eventAppended: (subject) => events.inc({ subject }),
    jobFinished: (queue, outcome) => jobs.inc({ queue, outcome }),
    render() {
      count();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

function raise(gauge: { inc(): void; dec(): void }): () => void {
  gauge.inc();
  return () => gauge.dec();
}
