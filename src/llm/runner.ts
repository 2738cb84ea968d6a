import type { z } from "zod";
import type { GenerationContext } from "../domain/artifact/context.ts";
import type { DocumentDefinition } from "../domain/artifact/section.ts";

/** What a call to a model used. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar; 0 for what runs here. */
  readonly costMicrodollars: number;
}

/** The most that a call can use, known before it is made. */
export interface Estimate {
  /** The name that the configuration gives the model, such as "claude". */
  readonly model: string;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/**
 * What every single call to a model goes through, retries and repairs too: it reserves what the call may use, lets it
 * run, and settles what it did use.
 *
 * A call that fails throws; what it has used so far it says with `CallFailedError.usage`.
 *
 * @throws QuotaExceededError when the budget does not hold the estimate: the call is not made
 */
export type Meter = <T extends { readonly usage: Usage }>(
  estimate: Estimate,
  call: () => Promise<T>,
) => Promise<T>;

/** What a request comes with. */
export interface CallOptions {
  readonly meter: Meter;
  /** Aborts the call; what it throws then is the signal's reason. */
  readonly signal: AbortSignal;
}

export interface ArtifactRequest {
  readonly document: DocumentDefinition;
  readonly context: GenerationContext;
}

/** What a model wrote: for the caller to check, as from any stranger. */
export interface Draft {
  readonly content: unknown;
  readonly model: string;
  /** Of all calls that it took. */
  readonly usage: Usage;
}

export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

export interface ReplyRequest {
  /** One of `models`. */
  readonly model: string;
  readonly system: string;
  /** The conversation, oldest first; the last one is the user's. */
  readonly messages: readonly ChatMessage[];
  readonly maxOutputTokens: number;
}

export interface Reply {
  readonly text: string;
  /** Whether the text ends at a limit and not where the model would have ended. */
  readonly isCut: boolean;
  readonly usage: Usage;
}

export interface ObjectRequest<Schema extends z.ZodType> extends ReplyRequest {
  /** What the answer has to be. */
  readonly schema: Schema;
}

/** Runs language models. */
export interface Runner {
  /** The names by which models can be asked, as the configuration gives them; the first one writes documents. */
  readonly models: readonly string[];
  /** Writes a document, all sections of it. @throws CallFailedError, QuotaExceededError, the signal's reason */
  generateArtifact(request: ArtifactRequest, options: CallOptions): Promise<Draft>;
  /**
   * Answers in a conversation.
   *
   * @param onDelta is given the text piece by piece as it comes, to be shown meanwhile; the reply's text is what counts
   * @throws CallFailedError when it breaks off; what came until then has been given to `onDelta`
   */
  reply(
    request: ReplyRequest,
    options: CallOptions & { readonly onDelta?: (text: string) => void },
  ): Promise<Reply>;
  /** Answers with an object of a schema, repaired once. @throws CallFailedError when it still does not fit */
  generateObject<Schema extends z.ZodType>(
    request: ObjectRequest<Schema>,
    options: CallOptions,
  ): Promise<{ readonly object: z.output<Schema>; readonly usage: Usage }>;
}

/** Why a call failed, in kinds that a person can act on. */
export const CALL_FAILURES = ["RATE_LIMITED", "UNAVAILABLE", "TIMEOUT", "INVALID_OUTPUT", "REFUSED"] as const;
export type CallFailure = (typeof CALL_FAILURES)[number];

/** A call to a model failed, after whatever retries made sense. The message is for people and holds nothing of the text. */
export class CallFailedError extends Error {
  override readonly name = "CallFailedError";
  readonly failure: CallFailure;
  /** What the failed call used; null when nobody knows, because the answer did not come to its end. */
  readonly usage: Usage | null;

  constructor(failure: CallFailure, message: string, usage: Usage | null = NO_USAGE, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
    this.usage = usage;
  }
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, costMicrodollars: 0 };

/** What several calls used together. */
export function addUsage(...usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, usage) => ({
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      costMicrodollars: sum.costMicrodollars + usage.costMicrodollars,
    }),
    NO_USAGE,
  );
}

/** The most tokens that texts can be: tokenizers work on bytes, and none makes two tokens of one. */
export function maxTokensOf(...texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}
