import type { ExecutionResult } from "graphql";
import type { ErrorMask } from "./error-mask.ts";
import type { Exchange } from "./exchange.ts";
import { type LiveStream, liveStream } from "./live-stream.ts";
import type { Metrics } from "./metrics.ts";

/** Opens subscriptions, over either transport. */
export class LiveStreams {
  readonly #mask: ErrorMask;
  readonly #metrics: Metrics;

  constructor(mask: ErrorMask, metrics: Metrics) {
    this.#mask = mask;
    this.#metrics = metrics;
  }

  /** Takes a subscription's results over: masks their errors, and counts it until it ends. */
  open(
    source: AsyncIterable<ExecutionResult>,
    exchange: Exchange,
    onEnd: () => void = () => {},
  ): LiveStream<ExecutionResult> {
    exchange.opened();
    const closed = this.#metrics.subscriptionOpened(exchange.transport === "http" ? "sse" : "websocket");
    return liveStream(source, {
      onValue: (result) => exchange.withCost(this.#mask.result(result, exchange)),
      onError: (error) => ({ errors: [this.#mask.error(error, exchange)] }),
      onEnd: () => {
        closed();
        onEnd();
      },
    });
  }
}
