import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../../src/llm/runner.ts";
import { brokenStream, failingStream, failure, stalledStream, streamed } from "../support/openai-server.ts";
import { callOptions, failureOf, modelAt, runnerOn } from "../support/runner.ts";
import { type Answer, eventOf, silence, startStandIn } from "../support/stand-in.ts";

const request = {
  model: "local",
  system: "You answer in a discussion.",
  messages: [
    { role: "user", content: "What do we build first?" },
    { role: "assistant", content: "The counter." },
    { role: "user", content: "Why?" },
  ],
  maxOutputTokens: 700,
} as const;
const ONE_ANSWER = { inputTokens: 100, outputTokens: 20, costMicrodollars: 300 };

interface Asked {
  readonly answers: readonly [Answer, ...Answer[]];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onDelta?: (text: string) => void;
}

async function ask({ answers, timeoutMs = 20_000, signal, onDelta }: Asked) {
  const server = await startStandIn(...answers);
  const { runner, waits } = runnerOn(modelAt(server.url), { timeoutMs });
  const { options, metered } = callOptions(signal);
  const deltas: string[] = [];
  const result = runner.reply(request, {
    ...options,
    onDelta: (text) => {
      deltas.push(text);
      onDelta?.(text);
    },
  });
  return { server, waits, metered, deltas, result };
}

/** A model that says more as fast as it is read. */
function endless(field: "content" | "reasoning_content"): Answer {
  const event = eventOf({ choices: [{ index: 0, delta: { [field]: "more ".repeat(500) } }] });
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const more = () => {
      while (!response.destroyed && response.write(event));
    };
    response.on("drain", more);
    more();
  };
}

describe("a reply", () => {
  test("comes piece by piece, and the pieces are its text", async () => {
    const pieces = ["Because ", "owners", " count.\n"];
    const { result, deltas, metered, server } = await ask({ answers: [streamed(pieces)] });
    expect(await result).toEqual({ text: "Because owners count.\n", isCut: false, usage: ONE_ANSWER });
    expect(deltas).toEqual(pieces);
    expect(metered).toMatchObject([{ outcome: "SETTLED", usage: ONE_ANSWER }]);
    expect(metered[0]?.estimate).toMatchObject({ model: "local", maxOutputTokens: 700 });
    expect(server.requests[0]?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 700,
      messages: [{ role: "system", content: request.system }, ...request.messages],
    });
  });

  test("can be had without looking at the pieces", async () => {
    const server = await startStandIn(streamed(["Because."]));
    const { runner } = runnerOn(modelAt(server.url));
    expect((await runner.reply(request, callOptions().options)).text).toBe("Because.");
  });

  test("that ends where its tokens do is marked as cut", async () => {
    const { result } = await ask({ answers: [streamed(["Talk to cust"], { finishReason: "length" })] });
    expect(await result).toMatchObject({ text: "Talk to cust", isCut: true });
  });

  test("of a model that ignores its limit is cut there, its connection is closed, and nobody knows what it cost", async () => {
    const { result, deltas, metered, server } = await ask({ answers: [endless("content")] });
    const { text, isCut, usage } = await result;
    expect([text.length, isCut, usage]).toEqual([8 * request.maxOutputTokens, true, NO_USAGE]);
    expect(deltas.join("")).toBe(text);
    expect(metered).toMatchObject([{ outcome: "SETTLED", usage: NO_USAGE }]);
    await expect.poll(server.abandoned).toBe(1);
  });

  test("of a model that reasons without end is ended too", async () => {
    const { result, server } = await ask({ answers: [endless("reasoning_content")] });
    expect(await failureOf(result)).toMatchObject({
      failure: "INVALID_OUTPUT",
      message: expect.stringContaining("used up its tokens"),
    });
    await expect.poll(server.abandoned).toBe(1);
  });

  test("of a server that sends anything but an answer without end is broken off at 32 MB", async () => {
    const pings = `: ${"ping ".repeat(200_000)}\n\n`.repeat(34);
    const { result, server } = await ask({
      answers: [
        (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(pings),
      ],
    });
    expect(await failureOf(result)).toMatchObject({
      failure: "INVALID_OUTPUT",
      message: expect.stringContaining("more than an answer can be"),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("comes without the reasoning before it, however it is cut into pieces", async () => {
    const answers = [streamed(["<th", "ink>Should I? <b>", " Yes.</thi", "nk>\n\nWe s", "tart."])] as const;
    const { result, deltas } = await ask({ answers });
    expect(await result).toMatchObject({ text: "We start.", isCut: false });
    expect(deltas.join("")).toBe("We start.");
  });

  test("that is reasoning alone is empty", async () => {
    const { result } = await ask({ answers: [streamed(["<think>", "Should I?"])] });
    expect(await failureOf(result)).toMatchObject({ failure: "INVALID_OUTPUT", usage: ONE_ANSWER });
  });

  test.each([
    ["nothing", [], "stop", "INVALID_OUTPUT"],
    ["only white space", [" ", "\n"], "stop", "INVALID_OUTPUT"],
    ["filtered", ["Bec"], "content_filter", "REFUSED"],
  ] as const)("that is %s fails, with what it cost", async (_name, pieces, finishReason, kind) => {
    const { result, server } = await ask({ answers: [streamed(pieces, { finishReason })] });
    expect(await failureOf(result)).toMatchObject({ failure: kind, usage: ONE_ANSWER });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ["is cut", brokenStream(["Because ", "own"], "cut")],
    ["is closed without its end", brokenStream(["Because ", "own"], "closed")],
    ["reports an error", failingStream(["Because ", "own"], "PRIVATE-ANSWER")],
    ["ends with an error", streamed(["Because ", "own"], { finishReason: "error" })],
  ])("whose stream %s is never taken for whole, and not begun again", async (_name, answer) => {
    const { result, server, deltas, metered } = await ask({ answers: [answer, streamed(["Again."])] });
    const error = await failureOf(result);
    expect(error.failure).toBe("UNAVAILABLE");
    expect(error.message).not.toContain("PRIVATE");
    expect(deltas.join("")).toBe("Because own");
    expect(server.requests).toHaveLength(1);
    expect(metered).toMatchObject([{ outcome: "FAILED" }]);
  });

  test.each([
    ["was limited", failure(429, "slow down")],
    ["broke off before the first piece", brokenStream([], "cut")],
    ["ended before the first piece", brokenStream([], "closed")],
    ["reported an error before the first piece", failingStream([], "overloaded")],
  ])("that %s is asked for again", async (_name, answer) => {
    const { result, deltas, waits } = await ask({ answers: [answer, streamed(["Because."])] });
    expect((await result).text).toBe("Because.");
    expect(deltas).toEqual(["Because."]);
    expect(waits).toEqual([500]);
  });

  test.each([
    ["never begins", silence, ""],
    ["stalls in the middle", stalledStream(["Because "]), "Because "],
  ])("that %s fails when its time is over", async (_name, answer, came) => {
    const { result, server, deltas } = await ask({ answers: [answer], timeoutMs: 100 });
    expect(await failureOf(result)).toMatchObject({ failure: "TIMEOUT", usage: NO_USAGE });
    expect(deltas.join("")).toBe(came);
    expect(server.requests).toHaveLength(1);
    await expect.poll(server.abandoned).toBe(1);
  });

  test("ends with the reason of whoever aborts it in the middle, and its connection is closed", async () => {
    const reason = new Error("The user has left.");
    const controller = new AbortController();
    const { result, server, metered } = await ask({
      answers: [stalledStream(["Because "])],
      signal: controller.signal,
      onDelta: () => controller.abort(reason),
    });
    await expect(result).rejects.toBe(reason);
    expect(metered).toMatchObject([{ outcome: "FAILED", usage: NO_USAGE }]);
    await expect.poll(server.abandoned).toBe(1);
  });

  test("ends with the error of whoever gets the pieces, and its connection is closed", async () => {
    const fault = new Error("No room for it.");
    const { result, server } = await ask({
      answers: [stalledStream(["Because "])],
      onDelta: () => {
        throw fault;
      },
    });
    await expect(result).rejects.toBe(fault);
    expect(server.requests).toHaveLength(1);
    await expect.poll(server.abandoned).toBe(1);
  });
});
