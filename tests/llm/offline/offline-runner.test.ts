import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkContent } from "../../../src/domain/artifact/content.ts";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import { ARTIFACT_TYPES } from "../../../src/domain/artifact/type.ts";
import { createOfflineRunner } from "../../../src/llm/offline/offline-runner.ts";
import type { CallFailedError, ReplyRequest } from "../../../src/llm/runner.ts";
import { DEMO_PROJECT, writeAll } from "../support/offline.ts";
import { callOptions, failureOf } from "../support/runner.ts";

const documents = writeAll(DEMO_PROJECT);
const requestOf = (type: (typeof ARTIFACT_TYPES)[number]) => ({
  document: DOCUMENTS[type],
  context: { ...DEMO_PROJECT, documents },
});
const QUESTION: ReplyRequest = {
  model: "gemini",
  system: "You discuss a product.",
  messages: [
    { role: "user", content: "Do we scan barcodes on the shelf first, or take photos of the stock?" },
    { role: "assistant", content: "claude: Photos are slow to recognise, and barcodes work today." },
    { role: "user", content: "gpt: Half of the goods in small shops have no barcode.\nWhat do you think?" },
  ],
  maxOutputTokens: 2_000,
};

describe("a document", () => {
  test.each(ARTIFACT_TYPES)("%s fits, and is metered for what it used, once", async (type) => {
    const { options, metered } = callOptions();
    const draft = await createOfflineRunner({ scenario: null }).generateArtifact(requestOf(type), options);
    expect(checkContent(DOCUMENTS[type], draft.content)).toHaveProperty("content");
    const usage = {
      inputTokens: Math.ceil(JSON.stringify(requestOf(type).context).length / 4),
      outputTokens: Math.ceil(JSON.stringify(draft.content).length / 4),
      costMicrodollars: 0,
    };
    expect(draft).toMatchObject({ model: "offline", usage });
    expect(usage.outputTokens).toBeGreaterThan(500);
    expect(metered).toEqual([
      {
        estimate: { model: "offline", inputTokens: usage.inputTokens, maxOutputTokens: usage.outputTokens },
        outcome: "SETTLED",
        usage,
      },
    ]);
  });

  test("is written by the first of the models that it is told", async () => {
    const runner = createOfflineRunner({ scenario: null, models: ["offline"] });
    expect(runner.models).toEqual(["offline"]);
    expect(await runner.generateArtifact(requestOf("BRIEF"), callOptions().options)).toMatchObject({
      model: "offline",
    });
  });

  test("is not written when the signal has aborted: the reason is thrown, and nothing is metered", async () => {
    const { options, metered } = callOptions(AbortSignal.abort("changed our mind"));
    await expect(
      createOfflineRunner({ scenario: null }).generateArtifact(requestOf("BRIEF"), options),
    ).rejects.toBe("changed our mind");
    expect(metered).toEqual([]);
  });
});

describe("in the scenario", () => {
  test("llm_failure every call fails, and settles what it read", async () => {
    const runner = createOfflineRunner({ scenario: "llm_failure" });
    const { options, metered } = callOptions();
    const failures: CallFailedError[] = [
      await failureOf(runner.generateArtifact(requestOf("BRIEF"), options)),
      await failureOf(runner.reply(QUESTION, options)),
      await failureOf(runner.generateObject({ ...QUESTION, schema: z.object({}) }, options)),
    ];
    expect(failures.map(({ failure }) => failure)).toEqual(["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
    expect(metered.map(({ outcome }) => outcome)).toEqual(["FAILED", "FAILED", "FAILED"]);
    for (const { usage, estimate } of metered) {
      expect(usage).toEqual({ inputTokens: estimate.inputTokens, outputTokens: 0, costMicrodollars: 0 });
    }
  });

  test("partial_failure the milestones fail, and the documents before them do not", async () => {
    const runner = createOfflineRunner({ scenario: "partial_failure" });
    const { options } = callOptions();
    for (const type of ["BRIEF", "MVP_SCOPE"] as const) {
      const { content } = await runner.generateArtifact(requestOf(type), options);
      expect(checkContent(DOCUMENTS[type], content)).toHaveProperty("content");
    }
    expect(await failureOf(runner.generateArtifact(requestOf("MILESTONES"), options))).toMatchObject({
      failure: "UNAVAILABLE",
    });
  });

  test("rate_limited every call is refused, and uses nothing", async () => {
    const { options, metered } = callOptions();
    const runner = createOfflineRunner({ scenario: "rate_limited" });
    expect(await failureOf(runner.generateArtifact(requestOf("BRIEF"), options))).toMatchObject({
      failure: "RATE_LIMITED",
    });
    expect(await failureOf(runner.reply(QUESTION, options))).toMatchObject({ failure: "RATE_LIMITED" });
    expect(metered.map(({ usage }) => usage?.inputTokens)).toEqual([0, 0]);
  });

  test("slow each document waits for a few seconds, and is then written", async () => {
    const waits: number[] = [];
    const runner = createOfflineRunner({ scenario: "slow", wait: async (ms) => void waits.push(ms) });
    const { content } = await runner.generateArtifact(requestOf("BRIEF"), callOptions().options);
    expect(checkContent(DOCUMENTS.BRIEF, content)).toHaveProperty("content");
    expect(waits).toEqual([3_000]);
  });

  test("slow an abort ends the waiting with its reason", async () => {
    const controller = new AbortController();
    const { options, metered } = callOptions(controller.signal);
    const call = createOfflineRunner({ scenario: "slow" }).generateArtifact(requestOf("BRIEF"), options);
    controller.abort("stopped");
    await expect(call).rejects.toBe("stopped");
    expect(metered).toMatchObject([{ outcome: "FAILED" }]);
  });

  test("invalid_output a document does not fit, and neither does an object", async () => {
    const { options, metered } = callOptions();
    const runner = createOfflineRunner({ scenario: "invalid_output" });
    const { content } = await runner.generateArtifact(requestOf("BRIEF"), options);
    expect(checkContent(DOCUMENTS.BRIEF, content)).toEqual({
      problems: [
        expect.stringMatching(/^problemStatement: /),
        expect.stringMatching(/^competitiveStrategy: /),
      ],
    });
    const schema = z.object({ topic: z.string() });
    expect(await failureOf(runner.generateObject({ ...QUESTION, schema }, options))).toMatchObject({
      failure: "INVALID_OUTPUT",
    });
    expect(metered.at(-1)?.usage?.outputTokens).toBeGreaterThan(0);
  });
});

describe("a reply", () => {
  const runner = createOfflineRunner({ scenario: null });

  test("comes piece by piece, together its text, within what it may be", async () => {
    const pieces: string[] = [];
    const { options, metered } = callOptions();
    const { text, usage } = await runner.reply(QUESTION, {
      ...options,
      onDelta: (piece) => pieces.push(piece),
    });
    expect(pieces.join("")).toBe(text);
    expect(pieces.length).toBeGreaterThan(10);
    expect(metered).toMatchObject([
      { estimate: { model: "gemini", maxOutputTokens: usage.outputTokens }, usage },
    ]);
    const short = await runner.reply({ ...QUESTION, maxOutputTokens: 20 }, options);
    expect(short.usage.outputTokens).toBeLessThanOrEqual(20);
    expect(short.text.length).toBeGreaterThan(20);
  });

  test("takes up by name what the others said", async () => {
    const { text } = await runner.reply(QUESTION, callOptions().options);
    expect(text).toContain(
      "claude has a point with “Photos are slow to recognise, and barcodes work today.”",
    );
    expect(text).toContain("gpt, who says: “Half of the goods in small shops have no barcode.”");
    expect(text).not.toContain("gemini");
  });

  test("is another from each model, and the same when asked again", async () => {
    const answers = await Promise.all(
      [...runner.models, ...runner.models].map((model) =>
        runner.reply({ ...QUESTION, model }, callOptions().options),
      ),
    );
    const texts = answers.map(({ text }) => text);
    expect(new Set(texts).size).toBe(3);
    expect(texts.slice(0, 3)).toEqual(texts.slice(3));
  });

  test("breaks off with the signal's reason; what came until then has been handed on", async () => {
    const controller = new AbortController();
    const pieces: string[] = [];
    const call = runner.reply(QUESTION, {
      ...callOptions(controller.signal).options,
      onDelta: (piece) => {
        pieces.push(piece);
        if (pieces.length === 2) controller.abort("enough");
      },
    });
    await expect(call).rejects.toBe("enough");
    expect(pieces).toHaveLength(2);
  });

  test("of a model that there is not is refused", async () => {
    await expect(runner.reply({ ...QUESTION, model: "hal" }, callOptions().options)).rejects.toThrow(
      RangeError,
    );
  });
});

describe("an object", () => {
  test("is filled from what was said, and metered", async () => {
    const schema = z.object({
      agreements: z.array(z.string().min(1)).min(1),
      disagreements: z.array(z.object({ topic: z.string(), positions: z.record(z.string(), z.string()) })),
    });
    const { options, metered } = callOptions();
    const { object, usage } = await createOfflineRunner({ scenario: null }).generateObject(
      { ...QUESTION, schema },
      options,
    );
    expect(object.agreements[0]).toBe("Photos are slow to recognise, and barcodes work today.");
    expect(Object.keys(object.disagreements[0]?.positions ?? {})).toEqual(["claude", "gpt"]);
    expect(usage.outputTokens).toBe(Math.ceil(JSON.stringify(object).length / 4));
    expect(metered).toMatchObject([{ outcome: "SETTLED", usage }]);
  });
});
