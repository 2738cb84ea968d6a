import { generateText, type JSONSchema7, jsonSchema, Output, streamText } from "ai";
import { CallFailedError, type ChatMessage, NO_USAGE, type Usage } from "../runner.ts";
import { breakOff, failureOf, timeoutOf } from "./failure.ts";
import { type End, endOf } from "./finish.ts";
import type { ConnectedModel } from "./language-models.ts";
import type { OutputSchema } from "./output-schema.ts";
import { ReasoningFilter, withoutReasoning } from "./reasoning.ts";
import { usageOf } from "./usage.ts";

// The SDK would print what a provider does not support to the console, where nobody can act on it.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** One call to a model. */
export interface Call {
  readonly model: ConnectedModel;
  readonly system: string;
  readonly messages: readonly ChatMessage[];
  readonly maxOutputTokens: number;
  /** What the answer has to be; absent: text, which is streamed. */
  readonly output?: OutputSchema;
  readonly onDelta?: (text: string) => void;
}

export interface Answer {
  /** Without the reasoning in it, except where JSON was asked for. */
  readonly text: string;
  /** `cut` at `maxOutputTokens`, by the model or because it went on past it. */
  readonly end: Exclude<End, "failed">;
  /** NO_USAGE when nobody knows. */
  readonly usage: Usage;
}

/** A token is about four characters. A model that has written twice as much as it may does not heed the limit. */
const MAX_CHARACTERS_PER_TOKEN = 8;

export interface CallLimits {
  readonly timeoutMs: number;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes one HTTP call.
 *
 * @throws CallFailedError, a PassingFailure where making it again could help; the signal's reason
 */
export async function makeCall(
  call: Call,
  { timeoutMs, now }: CallLimits,
  signal: AbortSignal,
): Promise<Answer> {
  const over = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    over.abort();
  }, timeoutMs);
  const receiver = new Receiver(call.onDelta);
  const ask = call.output === undefined ? streamAnswer : generateAnswer;
  try {
    return await ask(call, AbortSignal.any([signal, over.signal]), receiver);
  } catch (error) {
    if (receiver.failure) throw receiver.failure.error;
    signal.throwIfAborted();
    if (isLate) throw timeoutOf(call.model);
    const failure = error instanceof CallFailedError ? error : failureOf(error, call.model, now());
    // What has been given away cannot be taken back: a second answer would follow the beginning of the first.
    throw receiver.hasText ? new CallFailedError(failure.failure, failure.message, failure.usage) : failure;
  } finally {
    clearTimeout(timer);
    // Closes what may be open still, such as a stream that nobody reads on.
    over.abort();
  }
}

async function generateAnswer(call: Call, abortSignal: AbortSignal): Promise<Answer> {
  const result = await generateText({ ...settingsOf(call, abortSignal), output: outputOf(call.output) });
  const usage = usageOf(result.usage, call.model);
  // The answer is whole, also where the provider gives no reason for its end.
  const end = endOf(result.finishReason, result.rawFinishReason ?? "");
  if (end === "failed") throw breakOff(call.model, usage);
  // The SDK has no output where there is no text, and throws when it is asked for it.
  const text = result.text === "" ? "" : result.output;
  const limit = maxCharactersOf(call);
  return text.length > limit ? { text: text.slice(0, limit), end: "cut", usage } : { text, end, usage };
}

async function streamAnswer(call: Call, abortSignal: AbortSignal, receiver: Receiver): Promise<Answer> {
  // Errors are parts of the stream; without a handler the SDK would print them to the console too.
  const { stream } = streamText({ ...settingsOf(call, abortSignal), onError: () => {} });
  const spoken = new ReasoningFilter();
  let text = "";
  let room = maxCharactersOf(call);
  const answer = (end: Answer["end"], usage: Usage): Answer => {
    receiver.take(spoken.end());
    return { text: withoutReasoning(text), end, usage };
  };
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta") {
      const piece = part.text.slice(0, room);
      text += piece;
      receiver.take(spoken.take(piece));
    }
    if (part.type === "text-delta" || part.type === "reasoning-delta") {
      room -= part.text.length;
      // The rest is neither read nor paid for: whoever called closes the connection.
      if (room < 0) return answer("cut", NO_USAGE);
    }
    if (part.type === "finish") {
      const usage = usageOf(part.totalUsage, call.model);
      const end = endOf(part.finishReason, part.rawFinishReason);
      if (end === "failed") throw breakOff(call.model, usage);
      return answer(end, usage);
    }
  }
  throw breakOff(call.model, null);
}

function maxCharactersOf({ maxOutputTokens }: Call): number {
  return maxOutputTokens * MAX_CHARACTERS_PER_TOKEN;
}

/** What each call has in common. The SDK makes it once: retries are ours, since each is paid for. */
function settingsOf({ model, system, messages, maxOutputTokens, output }: Call, abortSignal: AbortSignal) {
  return {
    model: model.languageModel,
    instructions: system,
    messages: messages.map(({ role, content }) => ({ role, content })),
    maxOutputTokens,
    maxRetries: 0,
    abortSignal,
    telemetry: { isEnabled: false },
    providerOptions: {
      // OpenAI would keep every answer for a month.
      openai: { store: false, ...(output === undefined ? {} : { strictJsonSchema: output.strict }) },
      ...(output === undefined ? {} : { compatible: { strictJsonSchema: output.strict } }),
    },
  };
}

/** Asks for JSON of the schema and hands over the text as it came: what is wrong with it goes back to the model. */
function outputOf(output: OutputSchema | undefined): Output.Output<string, string, never> {
  if (output === undefined) return Output.text();
  const { responseFormat } = Output.object({ schema: jsonSchema(output.schema as JSONSchema7) });
  return { ...Output.text(), responseFormat };
}

/** Hands the text on, and keeps what the one who gets it throws apart from what the model does wrong. */
class Receiver {
  readonly #onDelta: Call["onDelta"];
  hasText = false;
  failure: { readonly error: unknown } | undefined;

  constructor(onDelta: Call["onDelta"]) {
    this.#onDelta = onDelta;
  }

  take(text: string): void {
    if (this.#onDelta === undefined || text === "") return;
    this.hasText = true;
    try {
      this.#onDelta(text);
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
