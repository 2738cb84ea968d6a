import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { completeSchema } from "../../../src/domain/artifact/content.ts";
import { documentOf } from "../../../src/domain/artifact/documents.ts";
import { CONTEXT, exampleOf } from "../support/contexts.ts";
import { PROTOCOLS } from "../support/provider-protocols.ts";
import { callOptions, failureOf, modelAt, runnerOn, SECRET_KEY } from "../support/runner.ts";
import { type Answer, startStandIn } from "../support/stand-in.ts";

const ONE_ANSWER = { inputTokens: 100, outputTokens: 20, costMicrodollars: 300 };
const question = {
  model: "asked",
  system: "You answer.",
  messages: [{ role: "user", content: "Why?" }],
  maxOutputTokens: 4321,
} as const;

describe.each(PROTOCOLS)("$provider", (protocol) => {
  const { provider, modelId } = protocol;

  // What the SDK has to say goes to none of the outputs of the process.
  beforeEach(() => {
    for (const method of ["log", "info", "warn", "error"] as const) vi.spyOn(console, method);
    vi.spyOn(process, "emitWarning");
  });
  afterEach(() => {
    for (const method of ["log", "info", "warn", "error"] as const) {
      expect(console[method]).not.toHaveBeenCalled();
    }
    expect(process.emitWarning).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  async function connect(...answers: readonly [Answer, ...Answer[]]) {
    const server = await startStandIn(...answers);
    const { runner, waits } = runnerOn(modelAt(server.url, { name: "asked", provider, modelId }));
    return { server, runner, waits };
  }

  test("is asked for a reply in its own protocol", async () => {
    const { server, runner } = await connect(protocol.pieces("Because ", "owners count."));
    const { options, metered } = callOptions();
    const deltas: string[] = [];
    const reply = await runner.reply(question, { ...options, onDelta: (text) => deltas.push(text) });
    expect(reply).toEqual({ text: "Because owners count.", isCut: false, usage: ONE_ANSWER });
    expect(deltas.join("")).toBe("Because owners count.");
    expect(metered).toMatchObject([{ estimate: { model: "asked" }, usage: ONE_ANSWER }]);
    const request = server.requests[0];
    expect(request?.path).toBe(protocol.path.pieces);
    expect(request && protocol.keyOf(request)).toBe(SECRET_KEY);
    expect(protocol.limitOf(request?.body)).toBe(4321);
    expect(JSON.stringify(request?.body)).toContain("You answer.");
    expect(JSON.stringify([request?.path, request?.body])).toContain(modelId);
  });

  test("writes a document in its own protocol", async () => {
    const document = documentOf("MVP_SCOPE");
    const content = exampleOf(completeSchema(document));
    const { server, runner } = await connect(protocol.whole(JSON.stringify(content)));
    const { options, metered } = callOptions();
    const draft = await runner.generateArtifact({ document, context: CONTEXT }, options);
    expect(draft).toEqual({ content, model: "asked", usage: ONE_ANSWER });
    expect(metered).toMatchObject([{ outcome: "SETTLED", usage: ONE_ANSWER }]);
    expect(server.requests[0]?.path).toBe(protocol.path.whole);
    expect(protocol.schemaOf(server.requests[0]?.body)).toMatchObject({
      type: "object",
      required: Object.keys(document.sections),
      properties: {
        coreFeatures: { items: { properties: { priority: { enum: ["HIGH", "MEDIUM", "LOW"] } } } },
      },
    });
  });

  test("is told what is wrong with its answer", async () => {
    const schema = z.object({ weeks: z.number().int() });
    const { server, runner } = await connect(
      protocol.whole('{"weeks":"six"}'),
      protocol.whole('{"weeks":6}'),
    );
    const { object } = await runner.generateObject({ ...question, schema }, callOptions().options);
    expect(object).toEqual({ weeks: 6 });
    const conversation = JSON.stringify(server.requests[1]?.body);
    expect(conversation).toContain("six");
    expect(conversation).toContain("This answer cannot be used");
  });

  test("reports what it does not support to nobody", async () => {
    const { runner } = await connect(protocol.pieces("Because."));
    // More than a model of Anthropic's gives: the SDK warns.
    const reply = await runner.reply({ ...question, maxOutputTokens: 5_000_000 }, callOptions().options);
    expect(reply.text).toBe("Because.");
  });

  test("may refuse", async () => {
    const { runner } = await connect(protocol.refused);
    const call = runner.generateObject({ ...question, schema: z.object({}) }, callOptions().options);
    expect(await failureOf(call)).toMatchObject({ failure: "REFUSED" });
  });

  test("is not taken to have ended when its stream just stops", async () => {
    const { runner, server } = await connect(protocol.broken("Because "));
    const { options } = callOptions();
    const deltas: string[] = [];
    const call = runner.reply(question, { ...options, onDelta: (text) => deltas.push(text) });
    expect(await failureOf(call)).toMatchObject({ failure: "UNAVAILABLE" });
    expect(deltas.join("")).toBe("Because ");
    expect(server.requests).toHaveLength(1);
  });

  test("is asked again when it is overloaded", async () => {
    const { runner, waits } = await connect(protocol.overloaded, protocol.pieces("Because."));
    expect((await runner.reply(question, callOptions().options)).text).toBe("Because.");
    expect(waits).toEqual([500]);
  });
});

test("OpenAI is asked to keep nothing", async () => {
  const openai = PROTOCOLS[1];
  const server = await startStandIn(openai.pieces("Because."), openai.whole("{}"));
  const { runner } = runnerOn(modelAt(server.url, { name: "asked", provider: "openai", modelId: "gpt-5" }));
  await runner.reply(question, callOptions().options);
  await runner.generateObject({ ...question, schema: z.object({}) }, callOptions().options);
  expect(server.requests.map(({ body }) => body.store)).toEqual([false, false]);
});

test("a provider's own environment variables are not read behind the configuration's back", async () => {
  vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
  vi.stubEnv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/v1");
  try {
    for (const { provider, modelId, pieces } of PROTOCOLS) {
      const server = await startStandIn(pieces("Because."));
      const { runner } = runnerOn(modelAt(server.url, { name: "asked", provider, modelId }));
      expect((await runner.reply(question, callOptions().options)).text).toBe("Because.");
    }
  } finally {
    vi.unstubAllEnvs();
  }
});
