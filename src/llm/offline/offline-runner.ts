import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { OfflineScenario } from "../../config.ts";
import { sectionsOf } from "../../domain/artifact/documents.ts";
import type { DocumentDefinition } from "../../domain/artifact/section.ts";
import { CallFailedError, type CallOptions, type ReplyRequest, type Runner, type Usage } from "../runner.ts";
import { answerOf, materialOf } from "./conversation.ts";
import { discussionAnswer, discussionObject } from "./discussion/discussion.ts";
import { writeBySchema } from "./generic-writer.ts";
import { clip } from "./text.ts";
import { writeDocument } from "./write-document.ts";

export interface OfflineRunnerOptions {
  /** What to go through instead of a good day; null for that. */
  readonly scenario: OfflineScenario | null;
  /** Who can be asked in a discussion, each with a viewpoint of its own. */
  readonly models?: readonly string[];
  /** Lets time pass in the scenario "slow"; rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const SLOW_MS = 3_000;
const CHARS_PER_TOKEN = 4;
const WORDS_PER_PIECE = 3;
/** What documents and their usage say of who wrote them: nobody is to believe that it was one of the models below. */
const WRITER = "offline";
const DEFAULT_MODELS = ["claude", "gpt", "gemini"] as const;

/**
 * Writes documents and answers without a network, a clock or chance: the same project gives the same documents. It costs
 * nothing, but goes through the meter like any other, so that budgets and the usage log are used offline too.
 *
 * What is written is known before the call is metered, since writing takes a millisecond: so the estimate is what the
 * call really uses, and no budget is refused that would have held.
 */
export function createOfflineRunner({
  scenario,
  models = DEFAULT_MODELS,
  wait = (ms, signal) => sleep(ms, undefined, { signal }),
}: OfflineRunnerOptions): Runner {
  /** One metered call. Every failure that the scenario asks for happens inside it, and settles what was read until then. */
  async function call<T>(
    request: {
      readonly model: string;
      readonly input: string;
      readonly output: string;
      readonly fails: boolean;
    },
    { meter, signal }: CallOptions,
    deliver: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly usage: Usage }> {
    signal.throwIfAborted();
    const inputTokens = tokensOf(request.input);
    const outputTokens = tokensOf(request.output);
    return meter({ model: request.model, inputTokens, maxOutputTokens: outputTokens }, async () => {
      signal.throwIfAborted();
      if (scenario === "rate_limited") {
        throw new CallFailedError(
          "RATE_LIMITED",
          "The offline runner was told to refuse for being asked too often.",
        );
      }
      if (request.fails) {
        const usage = { inputTokens, outputTokens: 0, costMicrodollars: 0 };
        throw new CallFailedError("UNAVAILABLE", "The offline runner was told to break off.", usage);
      }
      const result = await deliver();
      signal.throwIfAborted();
      return { result, usage: { inputTokens, outputTokens, costMicrodollars: 0 } };
    });
  }

  async function pause(signal: AbortSignal): Promise<void> {
    try {
      await wait(SLOW_MS, signal);
    } catch (error) {
      // A timer rejects with an error of its own; what an aborted call throws is the signal's reason.
      signal.throwIfAborted();
      throw error;
    }
  }

  function checkModel({ model }: Pick<ReplyRequest, "model">): void {
    if (!models.includes(model))
      throw new RangeError(`There is no model "${model}" offline, only ${models.join(", ")}`);
  }

  return {
    models,

    async generateArtifact({ document, context }, options) {
      const content = writeDocument(document, context);
      const draft = scenario === "invalid_output" ? spoiled(document, content) : content;
      const fails =
        scenario === "llm_failure" || (scenario === "partial_failure" && document.type === "MILESTONES");
      const { result, usage } = await call(
        { model: WRITER, input: JSON.stringify(context), output: JSON.stringify(draft), fails },
        options,
        async () => {
          if (scenario === "slow") await pause(options.signal);
          return draft;
        },
      );
      return { content: result, model: WRITER, usage };
    },

    async reply(request, options) {
      checkModel(request);
      const { model, system, messages, maxOutputTokens } = request;
      const said =
        discussionAnswer(model, models, system, messages) ?? answerOf(model, models, system, messages);
      const text = clip(said, maxOutputTokens * CHARS_PER_TOKEN);
      const { usage } = await call(
        { model, input: inputOf(request), output: text, fails: scenario === "llm_failure" },
        options,
        async () => {
          for (const piece of piecesOf(text)) {
            await nextTurn();
            options.signal.throwIfAborted();
            options.onDelta?.(piece);
          }
        },
      );
      return { text, isCut: text.length < said.length, usage };
    },

    async generateObject<Schema extends z.ZodType>(
      request: ReplyRequest & { readonly schema: Schema },
      options: CallOptions,
    ) {
      checkModel(request);
      const { model, system, messages, schema } = request;
      const written =
        scenario === "invalid_output"
          ? null
          : (discussionObject(schema, messages) ??
            writeBySchema(schema, materialOf(models, system, messages)));
      const output = JSON.stringify(written);
      const { result, usage } = await call(
        { model, input: inputOf(request), output, fails: scenario === "llm_failure" },
        options,
        async () => {
          const parsed = schema.safeParse(written);
          if (parsed.success) return parsed.data;
          const used = {
            inputTokens: tokensOf(inputOf(request)),
            outputTokens: tokensOf(output),
            costMicrodollars: 0,
          };
          throw new CallFailedError(
            "INVALID_OUTPUT",
            "What the offline runner wrote does not fit the schema.",
            used,
          );
        },
      );
      return { object: result, usage };
    },
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

function inputOf({ system, messages }: Pick<ReplyRequest, "system" | "messages">): string {
  return [system, ...messages.map(({ content }) => content)].join("\n");
}

/** A few words at a time, together the text. */
function piecesOf(text: string): string[] {
  return text.match(new RegExp(`(?:\\S+\\s*){1,${WORDS_PER_PIECE}}`, "gu")) ?? [];
}

/** A draft as a model spoils it: the first section empty, the last one missing. */
function spoiled(
  document: DocumentDefinition,
  content: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const keys = sectionsOf(document).map(([key]) => key);
  return Object.fromEntries(keys.slice(0, -1).map((key, index) => [key, index === 0 ? "" : content[key]]));
}
