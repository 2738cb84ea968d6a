import { inTime } from "../in-time.ts";

export interface ReachableOptions {
  /** What cannot be reached, for the log. */
  readonly name: string;
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void };
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** For how long a store that did not answer is not asked again, in milliseconds. */
  readonly restMs?: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

const TIMEOUT_MS = 1_000;
const REST_MS = 1_000;

/**
 * Asks a shared store, and does without it while it does not answer: a limit is not worth a refused request. Said in
 * the log once, and once more when the store is back.
 */
export class Reachable {
  readonly #options: Required<ReachableOptions>;
  #failing = false;
  #restsUntil = 0;

  constructor(options: ReachableOptions) {
    this.#options = { timeoutMs: TIMEOUT_MS, restMs: REST_MS, now: () => performance.now(), ...options };
  }

  /** @returns the store's answer, or what `otherwise` gives when there is none */
  async ask<T>(question: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
    const { name, log, timeoutMs, restMs, now } = this.#options;
    if (this.#failing && now() < this.#restsUntil) return otherwise();
    try {
      const answer = await inTime(question(), timeoutMs, `no answer within ${timeoutMs} ms`);
      if (this.#failing) log.info({ store: name }, "limits are shared between processes again");
      this.#failing = false;
      return answer;
    } catch (err) {
      const message = "the store of shared limits does not answer: each process applies them by itself";
      if (!this.#failing) log.warn({ err, store: name }, message);
      this.#failing = true;
      this.#restsUntil = now() + restMs;
      return otherwise();
    }
  }
}
