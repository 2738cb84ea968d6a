import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { QuotaExceededError } from "../../../src/domain/errors.ts";
import type { AiSdkRunnerOptions } from "../../../src/llm/ai-sdk/ai-sdk-runner.ts";
import { CallFailedError, NO_USAGE } from "../../../src/llm/runner.ts";
import { completion, cutBody, failure } from "../support/openai-server.ts";
import { callOptions, failureOf, modelAt, runnerOn, SECRET_KEY } from "../support/runner.ts";
import { type Answer, json, silence, startStandIn } from "../support/stand-in.ts";

const request = {
  model: "local",
  system: "PRIVATE-SYSTEM",
  messages: [{ role: "user", content: "PRIVATE-PROMPT" }],
  maxOutputTokens: 1000,
  schema: z.object({ ok: z.boolean() }),
} as const;
const good = completion({ ok: true });

async function ask(answers: readonly [Answer, ...Answer[]], policy: Partial<AiSdkRunnerOptions> = {}) {
  const server = await startStandIn(...answers);
  const { runner, waits } = runnerOn(modelAt(server.url), policy);
  const { options, metered } = callOptions();
  return { server, waits, metered, result: runner.generateObject(request, options) };
}

/** Somewhere nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

const busy = (headers?: Record<string, string>) => failure(429, "PRIVATE-ANSWER slow down", headers);

describe("a call that fails in passing", () => {
  test.each([
    ["was limited", busy()],
    ["met a broken server", failure(500, "oops")],
    ["met an overloaded server", failure(529, "overloaded")],
    ["met a server without JSON", (response) => void response.writeHead(503).end("<html>")],
    ["was cut in the middle of its body", cutBody({ ok: true })],
    ["was cut before its answer", (response) => void response.destroy()],
  ] satisfies [
    string,
    Answer,
  ][])("because it %s is made again, and metered each time", async (_name, answer) => {
    const { result, waits, metered, server } = await ask([answer, good]);
    expect((await result).object).toEqual({ ok: true });
    expect(server.requests).toHaveLength(2);
    expect(metered.map(({ outcome }) => outcome)).toEqual(["FAILED", "SETTLED"]);
    expect(waits).toEqual([500]);
  });

  test.each([
    ["limited", busy(), "RATE_LIMITED"],
    ["met by a broken server", failure(502, "oops"), "UNAVAILABLE"],
    ["cut in the middle", cutBody({ ok: true }), "UNAVAILABLE"],
  ] as const)("is given up after three times %s", async (_name, answer, kind) => {
    const { result, waits, metered, server } = await ask([answer]);
    expect(await failureOf(result)).toMatchObject({ failure: kind, usage: NO_USAGE });
    expect(server.requests).toHaveLength(3);
    expect(metered.map(({ outcome }) => outcome)).toEqual(["FAILED", "FAILED", "FAILED"]);
    expect(waits).toEqual([500, 1000]);
  });

  test("waits longer each time, and not as long as the next one", async () => {
    const { result, waits } = await ask([failure(500, "oops")], { retries: 7, random: () => 0.5 });
    await failureOf(result);
    expect(waits).toEqual([750, 1500, 3000, 6000, 12_000, 24_000, 45_000]);
  });

  test("is given up where nobody answers", async () => {
    const { runner, waits } = runnerOn(modelAt(await nowhere()));
    const { options, metered } = callOptions();
    const error = await failureOf(runner.generateObject(request, options));
    expect(error).toMatchObject({
      failure: "UNAVAILABLE",
      message: expect.stringContaining("cannot be reached"),
    });
    expect(metered).toHaveLength(3);
    expect(waits).toHaveLength(2);
  });
});

describe("Retry-After", () => {
  test.each([
    ["in seconds", "7", 7000],
    ["as a date", "Mon, 05 Jan 2026 09:00:30 GMT", 30_000],
    ["shorter than the pause that is made anyway", "0", 500],
    ["in the past", "Mon, 05 Jan 2026 08:00:00 GMT", 500],
    ["that nobody can read", "soon", 500],
  ])("%s is heeded", async (_name, value, wait) => {
    const { result, waits } = await ask([busy({ "retry-after": value }), good]);
    expect((await result).object).toEqual({ ok: true });
    expect(waits).toEqual([wait]);
  });

  test("of an hour is not waited for", async () => {
    const { result, waits, server } = await ask([busy({ "retry-after": "3600" }), good]);
    expect(await failureOf(result)).toMatchObject({ failure: "RATE_LIMITED" });
    expect(waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a call that would fail again", () => {
  test.each([
    [400, "did not accept the request"],
    [401, "does not accept the configured API key"],
    [403, "does not accept the configured API key"],
    [404, "is not known"],
    [409, "did not accept the request"],
    [422, "did not accept the request"],
  ])("with HTTP %i is not made again", async (status, reason) => {
    const { result, server, waits } = await ask([failure(status, `PRIVATE-ANSWER ${SECRET_KEY}`)]);
    const error = await failureOf(result);
    expect(error).toMatchObject({ failure: "UNAVAILABLE", message: expect.stringContaining(reason) });
    expect(server.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test.each([
    ["no JSON", (response) => void response.writeHead(200).end("<html>PRIVATE-ANSWER")],
    ["JSON of something else", json({ hello: "PRIVATE-ANSWER" })],
  ] satisfies [string, Answer][])("because the answer is %s is not made again", async (_name, answer) => {
    const { result, server } = await ask([answer]);
    expect(await failureOf(result)).toMatchObject({ failure: "UNAVAILABLE" });
    expect(server.requests).toHaveLength(1);
  });

  test("because it takes too long is not made again, and its connection is closed", async () => {
    const { result, server, metered } = await ask([silence], { timeoutMs: 40 });
    expect(await failureOf(result)).toMatchObject({ failure: "TIMEOUT", usage: NO_USAGE });
    expect(server.requests).toHaveLength(1);
    expect(metered).toMatchObject([{ outcome: "FAILED" }]);
    await expect.poll(server.abandoned).toBe(1);
  });
});

describe("an abort", () => {
  const reason = new Error("The user has left.");

  test("before the call makes none", async () => {
    const server = await startStandIn(good);
    const { runner } = runnerOn(modelAt(server.url));
    const { options, metered } = callOptions(AbortSignal.abort(reason));
    await expect(runner.generateObject(request, options)).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
    expect(metered).toEqual([]);
  });

  test("in the middle ends the call with its reason, and closes the connection", async () => {
    const controller = new AbortController();
    const server = await startStandIn(() => controller.abort(reason));
    const { runner, waits } = runnerOn(modelAt(server.url));
    const { options, metered } = callOptions(controller.signal);
    await expect(runner.generateObject(request, options)).rejects.toBe(reason);
    expect(metered).toMatchObject([{ outcome: "FAILED", usage: NO_USAGE }]);
    expect(waits).toEqual([]);
    await expect.poll(server.abandoned).toBe(1);
  });

  test("during a pause ends it", async () => {
    const controller = new AbortController();
    const server = await startStandIn(busy());
    const { runner } = runnerOn(modelAt(server.url), {
      wait: async (_ms, signal) => {
        controller.abort(reason);
        signal.throwIfAborted();
      },
    });
    const { options } = callOptions(controller.signal);
    await expect(runner.generateObject(request, options)).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});

test("a budget that does not hold the call keeps it from being made", async () => {
  const server = await startStandIn(good);
  const { runner } = runnerOn(modelAt(server.url));
  const refusal = new QuotaExceededError("Nothing left today.", 1, 1);
  const meter = () => Promise.reject(refusal);
  const call = runner.generateObject(request, { ...callOptions().options, meter });
  await expect(call).rejects.toBe(refusal);
  expect(server.requests).toEqual([]);
});

test("a model that is not configured cannot be asked", async () => {
  const { runner } = runnerOn(modelAt("http://127.0.0.1:9"));
  const call = runner.generateObject({ ...request, model: "other" }, callOptions().options);
  await expect(call).rejects.toThrow('There is no model "other".');
});

describe("what a failure says", () => {
  test.each([
    ["a refused key", failure(401, `Incorrect API key provided: ${SECRET_KEY}, PRIVATE-ANSWER`)],
    ["a broken server", failure(500, "PRIVATE-ANSWER")],
    ["a wrong answer", completion({ ok: "PRIVATE-ANSWER" })],
    ["a cut body", cutBody({ ok: "PRIVATE-ANSWER" })],
  ] satisfies [
    string,
    Answer,
  ][])("of %s holds neither key nor prompt nor answer, however it is printed", async (_name, answer) => {
    const { result, server } = await ask([answer]);
    const error = await failureOf(result);
    expect(error).toBeInstanceOf(CallFailedError);
    const printed = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true });
    expect(printed).not.toMatch(/PRIVATE|hunter2/);
    expect(printed).not.toContain(server.url);
    expect(error.message).toMatch(/^The .+\.$/);
  });
});
