import type { LanguageModelUsage } from "ai";
import type { ModelConfig } from "../../config.ts";
import type { Usage } from "../runner.ts";

/** What a call used, as far as the provider said, and what that costs at the configured prices, rounded up. */
export function usageOf(
  { inputTokens = 0, outputTokens = 0 }: Pick<LanguageModelUsage, "inputTokens" | "outputTokens">,
  { inputPrice, outputPrice }: Pick<ModelConfig, "inputPrice" | "outputPrice">,
): Usage {
  const cost = inputTokens * microdollars(inputPrice) + outputTokens * microdollars(outputPrice);
  return { inputTokens, outputTokens, costMicrodollars: Math.ceil(cost / 1_000_000) };
}

/** Whole numbers: sums of fractions would be a bit too large now and then, and rounded up by a whole unit. */
const microdollars = (dollars: number) => Math.round(dollars * 1_000_000);
