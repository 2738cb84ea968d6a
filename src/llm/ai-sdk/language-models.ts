import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import type { ModelConfig } from "../../config.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { createProviderFetch } from "./provider-fetch.ts";

/** A configured model with the SDK's connection to it. */
export interface ConnectedModel extends ModelConfig {
  readonly languageModel: LanguageModel;
}

/** Connects a model in its provider's protocol. Nothing is sent yet. */
export function connectModel(model: ModelConfig): ConnectedModel {
  return { ...model, languageModel: languageModelOf(model) };
}

/** Key and address are always given: what is left out, the SDK would read from the environment by itself. */
function languageModelOf({ provider, modelId, baseUrl: baseURL, apiKey = "" }: ModelConfig): LanguageModel {
  const fetch = createProviderFetch({ endsWithDone: provider === "compatible" });
  switch (provider) {
    case "anthropic":
      return createAnthropic({ baseURL, apiKey, fetch })(modelId);
    case "openai":
      return createOpenAI({ baseURL, apiKey, fetch })(modelId);
    case "google":
      return createGoogle({ baseURL, apiKey, fetch })(modelId);
    case "compatible":
      return createOpenAICompatible({
        name: "compatible",
        baseURL,
        apiKey,
        fetch,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })(modelId);
    default:
      return assertNever(provider);
  }
}
