import type { z } from "zod";
import type { ModelConfig } from "../../config.ts";
import { completeSchema } from "../../domain/artifact/content.ts";
import { fitTexts } from "../../domain/fit-texts.ts";
import { documentPrompt } from "../prompt.ts";
import type { CallOptions, ObjectRequest, ReplyRequest, Runner } from "../runner.ts";
import { checkAnswer, repairRequest } from "./answer.ts";
import type { Answer, Call, CallLimits } from "./call.ts";
import { CallSeries } from "./call-series.ts";
import { type ConnectedModel, connectModel } from "./language-models.ts";
import { outputSchemaOf } from "./output-schema.ts";
import { withoutReasoning } from "./reasoning.ts";
import type { RetryPolicy } from "./retry.ts";

export interface AiSdkRunnerOptions extends Omit<RetryPolicy, "retries">, CallLimits {
  /** The first one writes documents. */
  readonly models: readonly [ModelConfig, ...ModelConfig[]];
  /** How many times a call that failed in passing is made again; 2 unless given. */
  readonly retries?: number;
}

/** A document is two to four thousand tokens; the rest is for models that think before they write. */
const DOCUMENT_MAX_OUTPUT_TOKENS = 16_000;
/** So much of an answer is shown to the model that is to repair it: several times what any answer should be. */
const MAX_REPAIRED_CHARACTERS = 60_000;

/** Runs the models of providers, through the AI SDK. */
export function createAiSdkRunner({ models, retries = 2, ...policy }: AiSdkRunnerOptions): Runner {
  const connected = new Map(models.map((model) => [model.name, connectModel(model)]));
  const writer = models[0].name;
  const seriesFor = (options: CallOptions) => new CallSeries(options, { retries, ...policy });

  return { models: models.map(({ name }) => name), generateArtifact, reply, generateObject };

  async function generateArtifact(
    { document, context }: Parameters<Runner["generateArtifact"]>[0],
    options: CallOptions,
  ) {
    const { system, prompt } = documentPrompt(document, context);
    const { object, usage } = await generateObject(
      {
        model: writer,
        system,
        messages: [{ role: "user", content: prompt }],
        maxOutputTokens: DOCUMENT_MAX_OUTPUT_TOKENS,
        schema: completeSchema(document),
      },
      options,
    );
    return { content: object, model: writer, usage };
  }

  async function reply(
    { model, ...request }: ReplyRequest,
    { onDelta, ...options }: CallOptions & { readonly onDelta?: (text: string) => void },
  ) {
    const series = seriesFor(options);
    const call = { ...request, model: modelOf(model), ...(onDelta === undefined ? {} : { onDelta }) };
    const answer = await series.ask(call);
    requireText(answer, call, series);
    return { text: answer.text, isCut: answer.end === "cut", usage: series.usage };
  }

  async function generateObject<Schema extends z.ZodType>(
    { schema, model, ...request }: ObjectRequest<Schema>,
    options: CallOptions,
  ) {
    const series = seriesFor(options);
    const call = objectCall(modelOf(model), request, schema);
    const first = await askForObject(call, schema, series);
    if ("object" in first.checked) return { object: first.checked.object, usage: series.usage };
    const [content = ""] = fitTexts([first.text], MAX_REPAIRED_CHARACTERS);
    const messages = [
      ...call.messages,
      { role: "assistant", content },
      { role: "user", content: repairRequest(first.checked.problems) },
    ] as const;
    const second = await askForObject({ ...call, messages }, schema, series);
    if ("object" in second.checked) return { object: second.checked.object, usage: series.usage };
    throw series.failure(
      "INVALID_OUTPUT",
      second.isCut
        ? `The answer of the model "${model}" was too long.`
        : `The model "${model}" twice gave an answer of the wrong form.`,
    );
  }

  function modelOf(name: string): ConnectedModel {
    const model = connected.get(name);
    if (!model) throw new Error(`There is no model "${name}".`);
    return model;
  }
}

function objectCall(model: ConnectedModel, request: Omit<Call, "model" | "output">, schema: z.ZodType): Call {
  const output = outputSchemaOf(schema);
  // Servers of this kind bind the answer to the form without showing it to the model, or do not know of it at all.
  const system =
    model.provider === "compatible"
      ? `${request.system}\n\nThe JSON schema of your answer:\n${JSON.stringify(output.schema)}`
      : request.system;
  return { ...request, system, model, output };
}

async function askForObject<Schema extends z.ZodType>(call: Call, schema: Schema, series: CallSeries) {
  const answer = await series.ask(call);
  const isCut = answer.end === "cut";
  const text = withoutReasoning(answer.text);
  // An object may be whole although what follows it was cut, or although it stands within the reasoning.
  const checked = answer.end === "refused" ? { problems: [] } : checkAnswer(answer.text, schema);
  if ("object" in checked) return { text, isCut, checked };
  requireText({ ...answer, text }, call, series);
  const tooLong = `It was cut off at the limit of ${call.maxOutputTokens} tokens. Be shorter.`;
  return { text, isCut, checked: isCut ? { problems: [tooLong] } : checked };
}

/** @throws CallFailedError when the model would not answer, or did not say anything */
function requireText({ text, end }: Answer, { model: { name } }: Call, series: CallSeries): void {
  if (end === "refused") throw series.failure("REFUSED", `The model "${name}" refused to answer.`);
  if (text.trim() !== "") return;
  const message =
    end === "cut"
      ? `The model "${name}" used up its tokens before it answered.`
      : `The answer of the model "${name}" was empty.`;
  throw series.failure("INVALID_OUTPUT", message);
}
