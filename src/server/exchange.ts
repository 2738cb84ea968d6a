import type { ExecutionResult } from "graphql";
import type { Logger } from "pino";
import type { Metrics, Outcome } from "./metrics.ts";
import { type OperationCost, unitsOf } from "./operation-cost.ts";
import type { OperationLog } from "./operation-log.ts";
import { NO_OPERATION, type OperationName } from "./operation-name.ts";

/** One request and its answer: an HTTP request, or one operation on a WebSocket. Counted and logged once, at its end. */
export class Exchange {
  readonly correlationId: string;
  readonly transport: "http" | "websocket";
  operation: OperationName = NO_OPERATION;
  /** Unset until the operation is about to be executed; null when there is none. */
  cost: OperationCost | null | undefined;
  /** Whether the client asked to be told the cost. */
  wantsCost = false;
  /** Unset until a GraphQL result is known. */
  outcome: Outcome | undefined;
  /** The result of an operation that has been executed already, and is only to be answered. */
  executed: ExecutionResult | undefined;
  /**
   * Takes the units that the operation costs, beyond the first, from the limit of who asks.
   * @throws RateLimitedError
   */
  takeUnits: (units: number) => Promise<unknown> = async () => {};
  /** Waits until it is the operation's turn to be executed; what it costs is known by then. */
  takeTurn: (complexity: number) => Promise<void> | undefined = () => undefined;
  #isPaid = false;
  /** Called when the client has its answer: the result, or a subscription that is open. */
  onSettled: () => void = () => {};
  readonly #metrics: Metrics;
  readonly #processLog: Logger;
  readonly #operationLog: OperationLog;
  #log: Logger | undefined;
  readonly #startedAt = performance.now();
  #counted = false;
  #ended = false;

  constructor(options: {
    correlationId: string;
    log: Logger;
    operationLog: OperationLog;
    transport: Exchange["transport"];
    metrics: Metrics;
  }) {
    this.correlationId = options.correlationId;
    this.#processLog = options.log;
    this.#operationLog = options.operationLog;
    this.transport = options.transport;
    this.#metrics = options.metrics;
  }

  /** The log of what belongs to it, made when there is something to say before its end. */
  get log(): Logger {
    this.#log ??= this.#processLog.child({ correlationId: this.correlationId });
    return this.#log;
  }

  /**
   * Has the operation paid for, whose cost is known: once, whoever asks for it, and before it is executed.
   * @throws RateLimitedError
   */
  async pay(): Promise<void> {
    if (this.#isPaid) return;
    const units = unitsOf(this.cost?.complexity ?? 0);
    if (units > 1) await this.takeUnits(units);
    this.#isPaid = true;
  }

  /** Puts the cost into the first result, where the client asked for it: the others need not grow. */
  withCost<R extends ExecutionResult>(result: R): R {
    if (!this.wantsCost || !this.cost) return result;
    this.wantsCost = false;
    return { ...result, extensions: { ...result.extensions, cost: this.cost } };
  }

  /** A subscription counts when it opens: it may stay open for days. */
  opened(): void {
    this.outcome ??= "ok";
    this.#count(this.outcome);
    this.onSettled();
  }

  /** @param status the HTTP status, or undefined on a WebSocket. Only the first call counts. */
  end(status?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const outcome = this.outcome ?? (status !== undefined && status >= 500 ? "fault" : "rejected");
    this.#count(outcome);
    this.onSettled();
    const { type, field } = this.operation;
    this.#operationLog({
      correlationId: this.correlationId,
      operation: type === "none" ? undefined : `${type} ${field}`,
      outcome,
      status,
      ms: Math.round(this.#elapsedMs() * 10) / 10,
    });
  }

  #count(outcome: Outcome): void {
    if (this.#counted) return;
    this.#counted = true;
    this.#metrics.operation(this.operation, outcome, this.#elapsedMs() / 1000);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}
