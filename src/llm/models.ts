import { setTimeout as sleep } from "node:timers/promises";
import type { LlmConfig } from "../config.ts";
import { createOfflineRunner } from "./offline/offline-runner.ts";
import type { Runner } from "./runner.ts";

/**
 * The runner that the configuration asks for. The AI SDK is loaded only where there are models of providers: without
 * any it would cost every start a fifth of a second and 30 MB.
 */
export async function createRunner(config: LlmConfig): Promise<Runner> {
  if (config.kind === "offline") return createOfflineRunner({ scenario: config.scenario });
  const { createAiSdkRunner } = await import("./ai-sdk/ai-sdk-runner.ts");
  return createAiSdkRunner({
    ...config,
    wait: (ms, signal) => sleep(ms, undefined, { signal }),
    now: Date.now,
    random: Math.random,
  });
}
