import { addUsage, CallFailedError, type CallOptions, maxTokensOf, NO_USAGE, type Usage } from "../runner.ts";
import { type Answer, type Call, type CallLimits, makeCall } from "./call.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";

/** What providers put around the texts: roles, the frame of a schema. A few hundred tokens at most. */
const FRAME_TOKENS = 500;

/** The calls that one request takes: each goes through the meter, is made again where that makes sense, and is added up. */
export class CallSeries {
  readonly #options: CallOptions;
  readonly #policy: RetryPolicy & CallLimits;
  #usage: Usage = NO_USAGE;

  constructor(options: CallOptions, policy: RetryPolicy & CallLimits) {
    this.#options = options;
    this.#policy = policy;
  }

  /** Of all calls until now, failed ones too. */
  get usage(): Usage {
    return this.#usage;
  }

  /** @throws CallFailedError, with what all calls used; QuotaExceededError; the signal's reason */
  async ask(call: Call): Promise<Answer> {
    const { meter, signal } = this.#options;
    const estimate = estimateOf(call);
    const attempt = () => meter(estimate, () => this.#counted(makeCall(call, this.#policy, signal)));
    try {
      return await withRetries(attempt, this.#policy, signal);
    } catch (error) {
      throw error instanceof CallFailedError ? this.failure(error.failure, error.message) : error;
    }
  }

  /** A failure of the whole request, with what all its calls used. */
  failure(failure: CallFailedError["failure"], message: string): CallFailedError {
    return new CallFailedError(failure, message, this.#usage);
  }

  async #counted(call: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await call;
      this.#usage = addUsage(this.#usage, answer.usage);
      return answer;
    } catch (error) {
      if (error instanceof CallFailedError) this.#usage = addUsage(this.#usage, error.usage ?? NO_USAGE);
      throw error;
    }
  }
}

function estimateOf({ model, system, messages, maxOutputTokens, output }: Call) {
  const schema = output === undefined ? "" : JSON.stringify(output.schema);
  const texts = maxTokensOf(system, schema, ...messages.map(({ content }) => content));
  return { model: model.name, inputTokens: texts + FRAME_TOKENS, maxOutputTokens };
}
