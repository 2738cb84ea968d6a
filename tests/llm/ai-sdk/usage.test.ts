import { expect, test } from "vitest";
import { usageOf } from "../../../src/llm/ai-sdk/usage.ts";

test.each([
  ["dollars per million tokens are microdollars per token", 1000, 100, 3, 15, 4500],
  ["a fraction of a microdollar is rounded up", 1, 0, 0.075, 0.3, 1],
  ["nothing costs nothing", 0, 0, 3, 15, 0],
  ["prices without a rounding fault of their own", 10, 0, 1.1, 0, 11],
  ["prices of fractions add up", 3, 7, 0.1, 0.1, 1],
  ["a million tokens cost their price", 1_000_000, 1_000_000, 1.25, 10, 11_250_000],
  ["what runs here is free", 5000, 500, 0, 0, 0],
])("%s", (_name, inputTokens, outputTokens, inputPrice, outputPrice, costMicrodollars) => {
  expect(usageOf({ inputTokens, outputTokens }, { inputPrice, outputPrice })).toEqual({
    inputTokens,
    outputTokens,
    costMicrodollars,
  });
});

test("what a provider does not say counts as nothing", () => {
  const unknown = { inputTokens: undefined, outputTokens: undefined };
  expect(usageOf(unknown, { inputPrice: 1, outputPrice: 1 })).toEqual({
    inputTokens: 0,
    outputTokens: 0,
    costMicrodollars: 0,
  });
});
