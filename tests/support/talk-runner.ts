import {
  CallFailedError,
  type CallOptions,
  type ObjectRequest,
  type Reply,
  type ReplyRequest,
  type Runner,
} from "../../src/llm/runner.ts";

const USAGE = { inputTokens: 10, outputTokens: 5, costMicrodollars: 0 };

/** A question that a model was asked and that the test answers, when it wants. */
export class TalkCall {
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  /** What all messages of the request say. */
  readonly messages: readonly string[];
  readonly isObject: boolean;
  readonly outcome = Promise.withResolvers<unknown>();
  isCut = false;
  readonly #onDelta: (text: string) => void;
  #text = "";

  constructor(request: ReplyRequest, isObject: boolean, onDelta: (text: string) => void) {
    this.model = request.model;
    this.system = request.system;
    this.messages = request.messages.map(({ content }) => content);
    this.prompt = this.messages[0] ?? "";
    this.isObject = isObject;
    this.#onDelta = onDelta;
    this.outcome.promise.catch(() => {});
  }

  /** Says a piece of the answer. */
  say(piece: string): this {
    this.#text += piece;
    this.#onDelta(piece);
    return this;
  }

  /** The answer is whole. */
  end(): void {
    this.outcome.resolve(this.#text);
  }

  /** The answer ends at the model's limit. */
  endCut(): void {
    this.isCut = true;
    this.end();
  }

  /** Answers with an object. */
  give(object: unknown): void {
    this.outcome.resolve(object);
  }

  fail(failure: CallFailedError["failure"] = "UNAVAILABLE"): void {
    this.outcome.reject(new CallFailedError(failure, `${this.model} is not there.`, USAGE));
  }

  /** Fails as nothing that a model does. */
  crash(error: Error): void {
    this.outcome.reject(error);
  }
}

type Respond = (call: TalkCall) => void;

/** A runner whose models say what the test has them say: at once by `respond`, or piece by piece by hand. */
export class TalkRunner implements Runner {
  readonly models: readonly string[];
  /** Everything that was asked, in order. */
  readonly calls: TalkCall[] = [];
  /** Answers calls as they come; those that it leaves alone wait for the test. */
  respond: Respond = () => {};
  readonly #untaken: TalkCall[] = [];
  readonly #waiting: { readonly model: string | null; readonly take: Respond }[] = [];

  constructor(models: readonly string[] = ["claude", "gpt", "gemini"]) {
    this.models = models;
  }

  /** The next call that was not taken yet, of that model or of any. */
  next(model: string | null = null): Promise<TalkCall> {
    const index = this.#untaken.findIndex((call) => model === null || call.model === model);
    const [call] = index < 0 ? [] : this.#untaken.splice(index, 1);
    if (call) return Promise.resolve(call);
    return new Promise((take) => this.#waiting.push({ model, take }));
  }

  generateArtifact(): Promise<never> {
    throw new Error("Nobody asks it for documents.");
  }

  async reply(
    request: ReplyRequest,
    { onDelta, ...options }: CallOptions & { readonly onDelta?: (text: string) => void },
  ): Promise<Reply> {
    const call = new TalkCall(request, false, onDelta ?? (() => {}));
    const result = await this.#ask(call, options);
    return { text: result.value as string, isCut: call.isCut, usage: result.usage };
  }

  async generateObject<Schema extends ObjectRequest<never>["schema"]>(
    request: ReplyRequest & { readonly schema: Schema },
    options: CallOptions,
  ) {
    const { value, usage } = await this.#ask(new TalkCall(request, true, () => {}), options);
    return { object: value as never, usage };
  }

  #ask(call: TalkCall, { meter, signal }: CallOptions) {
    const estimate = { model: call.model, inputTokens: 10, maxOutputTokens: 10 };
    return meter(estimate, async () => {
      signal.addEventListener("abort", () => call.outcome.reject(signal.reason));
      this.#arrive(call);
      return { value: await call.outcome.promise, usage: USAGE };
    });
  }

  #arrive(call: TalkCall): void {
    this.calls.push(call);
    this.respond(call);
    const index = this.#waiting.findIndex(({ model }) => model === null || model === call.model);
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.take(call);
    else this.#untaken.push(call);
  }
}

/** Every model answers "NAME says N." with the number of the call, agrees on everything, and ranks by the letters. */
export function talkative(runner: TalkRunner, score = 1): Respond {
  return (call) => {
    if (!call.isObject) return call.say(`${call.model} says `).say(`${runner.calls.length}.`).end();
    if (/^Rank all/m.test(call.prompt)) {
      const letters = [...call.prompt.matchAll(/^Answer ([A-Z])$/gm)].map(([, letter = ""]) => letter);
      return call.give({ ranking: letters.map((label) => ({ label, reason: `It is ${label}.` })) });
    }
    call.give(agreement(call.prompt, score));
  };
}

/** A consensus that rests on every message of a prompt. */
export function agreement(prompt: string, score = 1) {
  const labels = [...prompt.matchAll(/^\[(M\d+)\]/gm)].map(([, label = ""]) => label);
  return {
    agreements: [{ statement: "They agree.", cites: labels }],
    disagreements: [],
    dissent: [],
    score,
  };
}
