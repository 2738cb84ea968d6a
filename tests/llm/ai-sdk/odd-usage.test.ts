import { describe, expect, test } from "vitest";
import { z } from "zod";
import { IMPOSSIBLE_FIGURE } from "../../../src/llm/ai-sdk/provider-fetch.ts";
import { ANSWER_USAGE, completion, streamed } from "../support/openai-server.ts";
import { PROTOCOLS } from "../support/provider-protocols.ts";
import { callOptions, modelAt, runnerOn } from "../support/runner.ts";
import { type Answer, startStandIn } from "../support/stand-in.ts";

const request = {
  model: "local",
  system: "You answer.",
  messages: [{ role: "user", content: "Well?" }],
  maxOutputTokens: 1000,
} as const;
const schema = z.object({ ok: z.boolean() });

/** Asks once for text and once for an object. @returns what the answers used */
async function usagesOf(text: Answer, object: Answer, model: Parameters<typeof modelAt>[1] = {}) {
  const server = await startStandIn(text, object);
  const { runner } = runnerOn(modelAt(server.url, model));
  const reply = await runner.reply(request, callOptions().options);
  const made = await runner.generateObject({ ...request, schema }, callOptions().options);
  expect([reply.text, made.object, server.requests.length]).toEqual(["Yes.", { ok: true }, 2]);
  return [reply.usage, made.usage];
}

describe("an answer comes once, whatever its figures are", () => {
  test.each([
    ["negative", { prompt_tokens: -5 }, IMPOSSIBLE_FIGURE],
    ["a text", { prompt_tokens: "100" }, IMPOSSIBLE_FIGURE],
    ["a fraction", { prompt_tokens: 1.5 }, IMPOSSIBLE_FIGURE],
    ["true", { prompt_tokens: true }, IMPOSSIBLE_FIGURE],
    ["large", { prompt_tokens: 5_000_000_000 }, 5_000_000_000],
    ["null", { prompt_tokens: null }, 0],
  ])("%s", async (_name, odd, inputTokens) => {
    const usage = { ...ANSWER_USAGE, ...odd };
    const usages = await usagesOf(streamed(["Yes."], { usage }), completion({ ok: true }, { usage }));
    expect(usages).toMatchObject([{ inputTokens }, { inputTokens }]);
  });

  test.each([
    ["a text", "20 tokens"],
    ["a number", 20],
    ["a list", [1, 2]],
    ["null", null],
  ])("%s in the place of all of them", async (_name, usage) => {
    const usages = await usagesOf(streamed(["Yes."], { usage }), completion({ ok: true }, { usage }));
    for (const { inputTokens, outputTokens } of usages)
      expect(inputTokens + outputTokens).toBeLessThanOrEqual(0);
  });

  test("a text in the place of their details", async () => {
    const usage = {
      ...ANSWER_USAGE,
      completion_tokens_details: "none",
      prompt_tokens_details: { cached_tokens: "x" },
    };
    const usages = await usagesOf(streamed(["Yes."], { usage }), completion({ ok: true }, { usage }));
    expect(usages).toMatchObject([{ inputTokens: 100 }, { inputTokens: 100 }]);
  });

  test.each(PROTOCOLS)("$provider", async ({ provider, modelId, whole, pieces }) => {
    const model = { provider, modelId };
    const usages = await usagesOf(odd(pieces("Yes.")), odd(whole('{"ok": true}')), model);
    for (const { inputTokens } of usages) expect(inputTokens).toBeLessThan(0);
  });
});

/** The same answer with figures that are text. */
function odd(answer: Answer): Answer {
  return (response, request) => {
    const [write, end] = [response.write.bind(response), response.end.bind(response)];
    const spoil = (chunk: unknown) =>
      typeof chunk === "string" ? chunk.replace(/("\w*(?:_tokens|TokenCount)":)(\d+)/g, '$1"$2"') : chunk;
    response.write = ((chunk: unknown) => write(spoil(chunk))) as typeof response.write;
    response.end = ((chunk?: unknown) => end(spoil(chunk))) as typeof response.end;
    answer(response, request);
  };
}
