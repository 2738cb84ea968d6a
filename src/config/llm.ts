import { z } from "zod";
import { ConfigError, type Env, read } from "./read.ts";

/** Whose protocol a model is asked in. `compatible` is any server that speaks OpenAI's chat completions. */
export const PROVIDERS = ["anthropic", "openai", "google", "compatible"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A model that can be asked, under a name of our own. */
export interface ModelConfig {
  readonly name: string;
  readonly provider: Provider;
  /** The provider's name of it. */
  readonly modelId: string;
  /** US dollars per million tokens. */
  readonly inputPrice: number;
  readonly outputPrice: number;
  /** Absent only where the provider asks for none. */
  readonly apiKey?: string;
  /** Where its API is, without a slash at the end. */
  readonly baseUrl: string;
}

/** What the offline runner can be told to go through. */
export const OFFLINE_SCENARIOS = [
  "llm_failure",
  "partial_failure",
  "rate_limited",
  "slow",
  "invalid_output",
] as const;
export type OfflineScenario = (typeof OFFLINE_SCENARIOS)[number];

/** Which models there are: those of providers, or the one that needs none and always writes the same. */
export type LlmConfig =
  | { readonly kind: "offline"; readonly scenario: OfflineScenario | null }
  | {
      readonly kind: "models";
      /** The first one writes documents. */
      readonly models: readonly [ModelConfig, ...ModelConfig[]];
      /** For one call. */
      readonly timeoutMs: number;
    };

/** How each provider is reached, and its model where LLM_MODELS does not name any. In the order of the default. */
const KEYED = {
  anthropic: {
    variable: "ANTHROPIC_API_KEY",
    baseUrl: "https://api.anthropic.com/v1",
    byDefault: "claude=anthropic:claude-sonnet-4-5@3/15",
  },
  openai: {
    variable: "OPENAI_API_KEY",
    baseUrl: "https://api.openai.com/v1",
    byDefault: "gpt=openai:gpt-5@1.25/10",
  },
  google: {
    variable: "GOOGLE_GENERATIVE_AI_API_KEY",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    byDefault: "gemini=google:gemini-2.5-pro@1.25/10",
  },
} as const satisfies Record<
  Exclude<Provider, "compatible">,
  { variable: string; baseUrl: string; byDefault: string }
>;

const MODELS_FORMAT =
  "name=provider:model entries separated by commas, each with @in/out (US dollars per million tokens) or without, such as claude=anthropic:claude-sonnet-4-5@3/15,local=compatible:llama3.1; providers are " +
  `${PROVIDERS.join(", ")}; a name is lower-case letters, digits and hyphens, a letter first, at most 30`;

// An @ with a digit behind it begins the prices: whoever mistypes them is not to ask for a model of that name.
const modelEntry = new RegExp(
  `^(?<name>[a-z][a-z0-9-]{0,29})=(?<provider>${PROVIDERS.join("|")}):(?<modelId>(?:(?!@\\d)[^\\s,]){1,200})` +
    "(?:@(?<input>\\d{1,6}(?:\\.\\d{1,6})?)/(?<output>\\d{1,6}(?:\\.\\d{1,6})?))?$",
);

/** Keys travel in a header, which holds printable ASCII only. */
const keySchema = z.string().regex(/^[\x21-\x7e]{1,1000}$/);

/** Basic authentication in a URL would be refused by fetch, with the password in its message. */
const baseUrlSchema = z
  .string()
  .refine((value) => {
    const url = URL.parse(value);
    if (url === null || !/^https?:$/.test(url.protocol)) return false;
    return `${url.username}${url.password}${url.search}${url.hash}` === "";
  })
  .transform((value) => value.replace(/\/+$/, ""));

/** Past 300 seconds Node's own fetch gives up on a server that says nothing. */
const timeoutSchema = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .refine((seconds) => seconds >= 1 && seconds <= 300);

/**
 * Reads which models there are.
 * @throws ConfigError naming the first variable that cannot be used
 */
export function readLlm(env: Env): LlmConfig {
  const keys = {
    anthropic: readKey(env, KEYED.anthropic.variable),
    openai: readKey(env, KEYED.openai.variable),
    google: readKey(env, KEYED.google.variable),
    compatible: readKey(env, "OPENAI_COMPATIBLE_API_KEY"),
  };
  const compatibleUrl = read(
    env,
    "OPENAI_COMPATIBLE_BASE_URL",
    baseUrlSchema,
    "an http or https URL like http://127.0.0.1:11434/v1, without user, password or query",
  );
  const seconds = read(env, "LLM_TIMEOUT_SECONDS", timeoutSchema, "a whole number from 1 to 300") ?? 120;
  const scenario = read(
    env,
    "OFFLINE_SCENARIO",
    z.enum(OFFLINE_SCENARIOS),
    `one of ${OFFLINE_SCENARIOS.join(", ")}`,
  );
  const named = read(env, "LLM_MODELS", z.string(), MODELS_FORMAT);
  if (named === undefined && compatibleUrl !== undefined) {
    throw new ConfigError("LLM_MODELS", "not set although OPENAI_COMPATIBLE_BASE_URL is", MODELS_FORMAT);
  }
  const [first, ...rest] = parseModels(named ?? defaultModels(keys)).map((model) =>
    connect(model, keys[model.provider], compatibleUrl),
  );
  if (first === undefined) return { kind: "offline", scenario: scenario ?? null };
  if (scenario !== undefined) {
    throw new ConfigError(
      "OFFLINE_SCENARIO",
      "set although models are configured",
      "it unset, or neither LLM_MODELS nor a provider's key",
    );
  }
  return { kind: "models", models: [first, ...rest], timeoutMs: seconds * 1000 };
}

type Keys = Readonly<Record<Provider, string | undefined>>;
type NamedModel = Omit<ModelConfig, "apiKey" | "baseUrl">;

function readKey(env: Env, variable: string): string | undefined {
  return read(env, variable, keySchema, "an API key, without spaces");
}

function defaultModels(keys: Keys): string {
  const providers = ["anthropic", "openai", "google"] as const;
  return providers
    .filter((provider) => keys[provider] !== undefined)
    .map((provider) => KEYED[provider].byDefault)
    .join(",");
}

function parseModels(text: string): NamedModel[] {
  const entries = text.split(",").flatMap((entry) => entry.trim() || []);
  if (text !== "" && entries.length === 0)
    throw new ConfigError("LLM_MODELS", "names no model", MODELS_FORMAT);
  const models = entries.map((entry, index): NamedModel => {
    const { name, provider, modelId, input, output } = modelEntry.exec(entry)?.groups ?? {};
    if (name === undefined || modelId === undefined) {
      throw new ConfigError("LLM_MODELS", `entry ${index + 1} cannot be used`, MODELS_FORMAT);
    }
    return {
      name,
      provider: provider as Provider,
      modelId,
      inputPrice: Number(input ?? 0),
      outputPrice: Number(output ?? 0),
    };
  });
  const names = models.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigError(
      "LLM_MODELS",
      `the name ${twice} is there twice`,
      "a name of its own for each model",
    );
  }
  return models;
}

function connect(
  model: NamedModel,
  apiKey: string | undefined,
  compatibleUrl: string | undefined,
): ModelConfig {
  const uses = `not set although the model ${model.name} of LLM_MODELS uses it`;
  if (model.provider === "compatible") {
    if (compatibleUrl === undefined) {
      throw new ConfigError("OPENAI_COMPATIBLE_BASE_URL", uses, "the URL of an OpenAI-compatible server");
    }
    return { ...model, baseUrl: compatibleUrl, ...(apiKey === undefined ? {} : { apiKey }) };
  }
  const { variable, baseUrl } = KEYED[model.provider];
  if (apiKey === undefined) throw new ConfigError(variable, uses, "the provider's API key");
  return { ...model, baseUrl, apiKey };
}
