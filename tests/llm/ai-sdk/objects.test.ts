import { describe, expect, test } from "vitest";
import { z } from "zod";
import { completeSchema } from "../../../src/domain/artifact/content.ts";
import { documentOf } from "../../../src/domain/artifact/documents.ts";
import { ARTIFACT_TYPES } from "../../../src/domain/artifact/type.ts";
import { CONTEXT, exampleOf } from "../support/contexts.ts";
import { completion, cutBody, failure } from "../support/openai-server.ts";
import { callOptions, failureOf, modelAt, runnerOn } from "../support/runner.ts";
import { type Answer, startStandIn } from "../support/stand-in.ts";

const schema = z.strictObject({ agreements: z.array(z.string().trim().min(1)).min(1) });
const good = { agreements: ["We start with shops."] };
const request = {
  model: "local",
  system: "You sum up.",
  messages: [{ role: "user", content: "Sum up PRIVATE-PROMPT." }],
  maxOutputTokens: 1000,
  schema,
} as const;

/** What one answer of a stand-in costs: 100 tokens at 1 and 20 at 10 dollars per million. */
const ONE_ANSWER = { inputTokens: 100, outputTokens: 20, costMicrodollars: 300 };

async function ask(...answers: readonly [Answer, ...Answer[]]) {
  const server = await startStandIn(...answers);
  const { runner, waits } = runnerOn(modelAt(server.url));
  const { options, metered } = callOptions();
  return { server, waits, metered, result: runner.generateObject(request, options) };
}

describe("an object", () => {
  test("comes as the model gave it, checked, with what it used and cost", async () => {
    const { result, server, metered } = await ask(completion({ agreements: ["  We start with shops. "] }));
    expect(await result).toEqual({ object: good, usage: ONE_ANSWER });
    expect(metered).toEqual([
      {
        estimate: { model: "local", inputTokens: expect.any(Number), maxOutputTokens: 1000 },
        outcome: "SETTLED",
        usage: ONE_ANSWER,
      },
    ]);
    const { body } = server.requests[0] ?? {};
    expect(body).toMatchObject({ model: "llama3.1", max_tokens: 1000 });
    expect(body.response_format).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
    expect(body.messages.at(-1)).toEqual({ role: "user", content: "Sum up PRIVATE-PROMPT." });
  });

  test("is reserved for with at least as many tokens as the whole request has bytes of text", async () => {
    const { result, server, metered } = await ask(completion(good));
    await result;
    const { messages, response_format } = server.requests[0]?.body ?? {};
    const texts = [...messages.map(({ content }: { content: string }) => content)];
    const bytes = Buffer.byteLength(texts.join("") + JSON.stringify(response_format.json_schema.schema));
    expect(metered[0]?.estimate.inputTokens).toBeGreaterThanOrEqual(bytes);
  });

  const JSON_TEXT = JSON.stringify(good);
  test.each([
    ["in a code fence", `\`\`\`json\n${JSON_TEXT}\n\`\`\`\n`],
    ["in a code fence of one line", `\`\`\`json ${JSON_TEXT} \`\`\``],
    ["behind a byte order mark", `\ufeff${JSON_TEXT}`],
    ["behind reasoning", `<think>Perhaps {"agreements": ["No."]}? No.</think>\n${JSON_TEXT}`],
    ["behind reasoning whose beginning the server kept", `So be it.\n</think>\n\n${JSON_TEXT}`],
    ["in reasoning that never ends", `<think>It is ${JSON_TEXT}`],
    ["after a sentence", `Here it is, for "the {name}": ${JSON_TEXT}`],
    ["before a remark", `${JSON_TEXT}\n\nI left {nothing} out.`],
    ["after a first try", `{"agreements": []} is wrong: ${JSON_TEXT}`],
  ])("is taken where it stands: %s", async (_name, text) => {
    const { result, server } = await ask(completion(text));
    expect((await result).object).toEqual(good);
    expect(server.requests).toHaveLength(1);
  });

  test("is whole although what follows it was cut", async () => {
    const { result, server } = await ask(completion(`${JSON_TEXT}\n\nAnd {`, { finishReason: "length" }));
    expect((await result).object).toEqual(good);
    expect(server.requests).toHaveLength(1);
  });

  test("that was cut is asked for again once, shorter", async () => {
    const cut = completion('{"agreements": ["We st', { finishReason: "length" });
    const { result, server } = await ask(cut, completion(good));
    expect((await result).object).toEqual(good);
    expect(server.requests[1]?.body.messages.at(-1).content).toContain("cut off at the limit of 1000 tokens");
  });

  test("of a model that ignores its limit is cut there, and so is what it is shown of it", async () => {
    const endless = completion("We talk. ".repeat(300_000));
    const { result, server } = await ask(endless, completion(good));
    expect((await result).object).toEqual(good);
    expect(server.requests[1]?.body.messages.at(-2).content.length).toBeLessThanOrEqual(8_000);
  });

  test.each([
    ["does not fit the schema", { agreements: [] }, "agreements: "],
    ["has a field too many", { ...good, more: 1 }, "The whole: "],
    ["is not JSON", '{"agreements": ["We', "not valid JSON"],
  ])("that %s is put right by the model, which is told what is wrong", async (_name, bad, problem) => {
    const { result, server, metered, waits } = await ask(completion(bad), completion(good));
    expect(await result).toEqual({
      object: good,
      usage: { inputTokens: 200, outputTokens: 40, costMicrodollars: 600 },
    });
    expect(metered.map(({ usage }) => usage)).toEqual([ONE_ANSWER, ONE_ANSWER]);
    const [first, answer, complaint] = server.requests[1]?.body.messages.slice(-3) ?? [];
    expect(first).toEqual({ role: "user", content: "Sum up PRIVATE-PROMPT." });
    expect(answer).toEqual({
      role: "assistant",
      content: typeof bad === "string" ? bad : JSON.stringify(bad),
    });
    expect(complaint).toMatchObject({ role: "user", content: expect.stringContaining(problem) });
    expect(waits).toEqual([]);
  });

  test.each([
    ["does not fit twice", completion({ agreements: ["PRIVATE-ANSWER", ""] }), 2, "INVALID_OUTPUT"],
    ["is not JSON twice", completion("PRIVATE-ANSWER"), 2, "INVALID_OUTPUT"],
    [
      "was cut at the limit twice",
      completion('{"agreements": ["We', { finishReason: "length" }),
      2,
      "INVALID_OUTPUT",
    ],
    ["is empty", completion(""), 1, "INVALID_OUTPUT"],
    ["is nothing at all", completion(null), 1, "INVALID_OUTPUT"],
    ["was used up thinking", completion("", { finishReason: "length" }), 1, "INVALID_OUTPUT"],
    ["was filtered", completion("PRIVATE-ANSWER", { finishReason: "content_filter" }), 1, "REFUSED"],
    ["was refused", completion(null, { refusal: "PRIVATE-ANSWER" }), 1, "REFUSED"],
  ] as const)("that %s fails, with what it cost", async (_name, answer, calls, kind) => {
    const { result, server } = await ask(answer);
    const error = await failureOf(result);
    expect(error).toMatchObject({
      failure: kind,
      usage: { inputTokens: calls * 100, outputTokens: calls * 20, costMicrodollars: calls * 300 },
    });
    expect(error.message).not.toMatch(/PRIVATE/);
    expect(server.requests).toHaveLength(calls);
  });

  test("costs what every call cost, the failed and the wrong ones too", async () => {
    const { result, metered, waits } = await ask(
      failure(500, "oops"),
      completion({ agreements: [] }),
      cutBody(good),
      completion(good),
    );
    expect((await result).usage).toEqual({ inputTokens: 200, outputTokens: 40, costMicrodollars: 600 });
    expect(metered.map(({ outcome }) => outcome)).toEqual(["FAILED", "SETTLED", "FAILED", "SETTLED"]);
    expect(waits).toEqual([500, 500]);
  });

  test("that fails in the end fails with what the calls before it cost", async () => {
    const { result, server } = await ask(completion({ agreements: [] }), failure(500, "oops"));
    expect(await failureOf(result)).toMatchObject({ failure: "UNAVAILABLE", usage: ONE_ANSWER });
    expect(server.requests).toHaveLength(4);
  });

  test("is broken off past 32 MB, and not asked for again", async () => {
    const { result, server } = await ask(completion("x".repeat(33 * 1024 * 1024)));
    expect(await failureOf(result)).toMatchObject({
      failure: "INVALID_OUTPUT",
      message: expect.stringContaining("more than an answer can be"),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("may hold braces, quotes and tags in its texts", async () => {
    const tagged = { agreements: ["Models write <think>so</think>."] };
    expect((await (await ask(completion(tagged))).result).object).toEqual(tagged);
    const tricky = { agreements: ['We say "}" and {"a": 1} \\'] };
    const { result, server } = await ask(completion(`So: ${JSON.stringify(tricky)} {`));
    expect((await result).object).toEqual(tricky);
    expect(server.requests).toHaveLength(1);
  });

  test("may have optional fields and open objects, which OpenAI's strict mode refuses", async () => {
    const server = await startStandIn(completion({ positions: { claude: "yes" } }));
    const { runner } = runnerOn(modelAt(server.url));
    const open = z.object({ positions: z.record(z.string(), z.string()), note: z.string().optional() });
    const { object } = await runner.generateObject({ ...request, schema: open }, callOptions().options);
    expect(object).toEqual({ positions: { claude: "yes" } });
    expect(server.requests[0]?.body.response_format.json_schema).toMatchObject({
      strict: false,
      schema: {
        properties: { positions: { additionalProperties: { type: "string" } } },
        required: ["positions"],
      },
    });
  });
});

describe("a document", () => {
  test.each(ARTIFACT_TYPES)("%s is asked for in the strict form, and comes whole", async (type) => {
    const document = documentOf(type);
    const content = exampleOf(completeSchema(document));
    const server = await startStandIn(completion(content));
    const { runner } = runnerOn(modelAt(server.url));
    const draft = await runner.generateArtifact({ document, context: CONTEXT }, callOptions().options);
    expect(draft).toEqual({ content, model: "local", usage: ONE_ANSWER });
    const { body } = server.requests[0] ?? {};
    expect(body.response_format.json_schema.strict).toBe(true);
    expect(strictFaults(body.response_format.json_schema.schema)).toEqual([]);
    expect(Object.keys(body.response_format.json_schema.schema.properties)).toEqual(
      Object.keys(document.sections),
    );
    expect(body.messages[1].content).toContain("Counts what small shops have");
  });

  test("is written by the first model", async () => {
    const server = await startStandIn(completion(exampleOf(completeSchema(documentOf("BRIEF")))));
    const models = [
      modelAt(server.url, { name: "first", modelId: "one" }),
      modelAt(server.url, { name: "second", modelId: "two" }),
    ] as const;
    const { runner } = runnerOn(models[0], { models });
    expect(runner.models).toEqual(["first", "second"]);
    const request = { document: documentOf("BRIEF"), context: CONTEXT };
    expect((await runner.generateArtifact(request, callOptions().options)).model).toBe("first");
    expect(server.requests[0]?.body.model).toBe("one");
  });
});

const KEYWORDS = new Set([
  "type",
  "description",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
]);

/** Where a schema has what a provider's strict mode refuses. */
function strictFaults(schema: Record<string, unknown>, path = "$"): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword));
  const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>;
  const isOpen = schema.type === "object" && schema.additionalProperties !== false;
  const optional = Object.keys(properties).filter((name) => !(schema.required as string[]).includes(name));
  return [
    ...unknown.map((keyword) => `${path}: ${keyword}`),
    ...(isOpen ? [`${path}: open`] : []),
    ...optional.map((name) => `${path}.${name}: optional`),
    ...Object.entries(properties).flatMap(([name, child]) => strictFaults(child, `${path}.${name}`)),
    ...(schema.items ? strictFaults(schema.items as Record<string, unknown>, `${path}[]`) : []),
  ];
}
