import type { ModelConfig } from "../../../src/config.ts";
import { type AiSdkRunnerOptions, createAiSdkRunner } from "../../../src/llm/ai-sdk/ai-sdk-runner.ts";
import { CallFailedError, type Estimate, type Meter, NO_USAGE, type Usage } from "../../../src/llm/runner.ts";

/** A key that nobody may ever get to see. */
export const SECRET_KEY = "sk-hunter2-very-secret";

/** A model of a stand-in: 1 and 10 dollars per million tokens. */
export function modelAt(url: string, model: Partial<ModelConfig> = {}): ModelConfig {
  return {
    name: "local",
    provider: "compatible",
    modelId: "llama3.1",
    inputPrice: 1,
    outputPrice: 10,
    baseUrl: `${url}/v1`,
    apiKey: SECRET_KEY,
    ...model,
  };
}

/** A runner on one model that never waits: how long it would have is written down. */
export function runnerOn(model: ModelConfig, options: Partial<AiSdkRunnerOptions> = {}) {
  const waits: number[] = [];
  const runner = createAiSdkRunner({
    models: [model],
    timeoutMs: 20_000,
    wait: async (ms) => void waits.push(ms),
    now: () => Date.parse("2026-01-05T09:00:00Z"),
    random: () => 0,
    ...options,
  });
  return { runner, waits };
}

/** What a call reserved, and what it settled. */
export interface Metered {
  readonly estimate: Estimate;
  readonly outcome: "SETTLED" | "FAILED";
  readonly usage: Usage | null;
}

/** A meter with a bottomless budget, and what went through it. */
export function openMeter(): { readonly meter: Meter; readonly metered: readonly Metered[] } {
  const metered: Metered[] = [];
  const meter: Meter = async (estimate, call) => {
    try {
      const result = await call();
      metered.push({ estimate, outcome: "SETTLED", usage: result.usage });
      return result;
    } catch (error) {
      const usage = error instanceof CallFailedError ? error.usage : NO_USAGE;
      metered.push({ estimate, outcome: "FAILED", usage });
      throw error;
    }
  };
  return { meter, metered };
}

/** What a request needs besides its own: a meter, and a signal that nobody aborts unless one is given. */
export function callOptions(signal: AbortSignal = new AbortController().signal) {
  const { meter, metered } = openMeter();
  return { options: { meter, signal }, metered };
}

/** The failure that a call ends with. @throws what it throws instead, or when it does not fail */
export async function failureOf(call: Promise<unknown>): Promise<CallFailedError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof CallFailedError) return outcome.error;
  throw "error" in outcome ? outcome.error : new Error("The call did not fail.");
}
