import type { ExecutionResult } from "graphql";
import type { ErrorMask } from "./error-mask.ts";
import type { Exchange } from "./exchange.ts";
import { InFlight } from "./in-flight.ts";
import { type LiveStream, liveStream } from "./live-stream.ts";
import type { Metrics } from "./metrics.ts";

/** The subscriptions that are open on this server, over either transport. */
export class LiveStreams {
  readonly #open = new Set<LiveStream<ExecutionResult>>();
  readonly #inFlight = new InFlight();
  readonly #mask: ErrorMask;
  readonly #metrics: Metrics;

  constructor(mask: ErrorMask, metrics: Metrics) {
    this.#mask = mask;
    this.#metrics = metrics;
  }

  /** Takes a subscription's results over: masks their errors, counts it, and remembers it until it ends. */
  open(
    source: AsyncIterable<ExecutionResult>,
    exchange: Exchange,
    onEnd: () => void = () => {},
  ): LiveStream<ExecutionResult> {
    exchange.opened();
    const closed = this.#metrics.subscriptionOpened(exchange.transport === "http" ? "sse" : "websocket");
    const leave = this.#inFlight.begin();
    const stream = liveStream(source, {
      onValue: (result) => exchange.withCost(this.#mask.result(result, exchange)),
      onError: (error) => ({ errors: [this.#mask.error(error, exchange)] }),
      onEnd: () => {
        this.#open.delete(stream);
        closed();
        onEnd();
        leave();
      },
    });
    this.#open.add(stream);
    return stream;
  }

  /** Completes every stream and resolves when all their clients have been told. */
  async finishAll(): Promise<void> {
    for (const stream of this.#open) stream.finish();
    await this.#inFlight.idle();
  }
}
