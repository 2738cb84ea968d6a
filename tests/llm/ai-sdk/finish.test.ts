import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CallFailedError, type Runner } from "../../../src/llm/runner.ts";
import { completion, streamed } from "../support/openai-server.ts";
import { callOptions, modelAt, runnerOn } from "../support/runner.ts";
import { type Answer, startStandIn } from "../support/stand-in.ts";

const request = {
  model: "local",
  system: "You answer.",
  messages: [{ role: "user", content: "Well?" }],
  maxOutputTokens: 1000,
} as const;
const schema = z.object({ ok: z.boolean() });
/** A cut object can be told from a whole one only where it is cut. */
const WHOLE = '{"ok": true}';
const CUT = '{"ok": tr';

/** What a call comes to: how it ended, or as which failure. */
async function outcome(answer: Answer, ask: (runner: Runner) => Promise<"complete" | "cut">) {
  const server = await startStandIn(answer);
  const { runner } = runnerOn(modelAt(server.url), { retries: 0 });
  const end = await ask(runner).catch((error: unknown) => {
    if (error instanceof CallFailedError) return error.failure;
    throw error;
  });
  return { end, calls: server.requests.length };
}

const reply = async (runner: Runner) => {
  const { isCut } = await runner.reply(request, callOptions().options);
  return isCut ? "cut" : "complete";
};
const object = async (runner: Runner) => {
  await runner.generateObject({ ...request, schema }, callOptions().options);
  return "complete" as const;
};

describe("an answer in a stream and one in a piece end alike", () => {
  test.each([
    "stop",
    "eos_token",
    "eos",
    "end",
    "end_turn",
    "stop_sequence",
    "strange",
    "constructor",
    "",
    null,
  ])("%j is complete", async (finishReason) => {
    expect(await outcome(streamed([WHOLE], { finishReason }), reply)).toEqual({ end: "complete", calls: 1 });
    expect(await outcome(completion(WHOLE, { finishReason }), object)).toEqual({ end: "complete", calls: 1 });
  });

  test.each([
    "length",
    "max_tokens",
    "MAX_TOKENS",
    "max-output-tokens",
    "model_length",
  ])("%j is cut: text is marked, an object is asked for once more", async (finishReason) => {
    expect(await outcome(streamed([CUT], { finishReason }), reply)).toEqual({ end: "cut", calls: 1 });
    expect(await outcome(completion(CUT, { finishReason }), object)).toEqual({
      end: "INVALID_OUTPUT",
      calls: 2,
    });
  });

  test.each([
    "content_filter",
    "safety",
    "SAFETY",
    "refusal",
    "sensitive",
  ])("%j is refused", async (finishReason) => {
    expect(await outcome(streamed([WHOLE], { finishReason }), reply)).toEqual({ end: "REFUSED", calls: 1 });
    expect(await outcome(completion(WHOLE, { finishReason }), object)).toEqual({ end: "REFUSED", calls: 1 });
  });

  test.each([
    "error",
    "abort",
    "tool_calls",
    "function_call",
    "insufficient_system_resource",
  ])("%j is failed", async (finishReason) => {
    expect(await outcome(streamed([WHOLE], { finishReason }), reply)).toEqual({
      end: "UNAVAILABLE",
      calls: 1,
    });
    expect(await outcome(completion(WHOLE, { finishReason }), object)).toEqual({
      end: "UNAVAILABLE",
      calls: 1,
    });
  });
});
