import { describe, expect, test } from "vitest";
import type { ModelConfig } from "../../../src/config.ts";
import { createAiSdkRunner } from "../../../src/llm/ai-sdk/ai-sdk-runner.ts";
import type { StartDiscussionInput } from "../../generated/graphql.ts";
import { ANSWER_USAGE, completion, streamed } from "../../llm/support/openai-server.ts";
import { modelAt } from "../../llm/support/runner.ts";
import { type Answer, startStandIn } from "../../llm/support/stand-in.ts";
import { startApp } from "../../support/app.ts";
import { agreement } from "../../support/talk-runner.ts";
import { AddRound, StartDiscussion, untilQuiet } from "../support/discussions.ts";
import { Founder } from "../support/founder.ts";
import { uuidOf } from "../support/rows.ts";

const MAX_MESSAGE = 32_000;
const MAX_PROMPT = 2 * 30_000 + 10_000;

interface Script {
  /** What a model answers in the discussion. */
  readonly says: (model: string) => Answer;
  /** What it sums up; that all agree unless given. */
  readonly sumsUp?: (prompt: string) => Answer;
}

/** A founder on the smallest plan, with two models, "a" and "b", of a server that speaks their provider's protocol. */
async function world({ says, sumsUp = (prompt) => completion(agreement(prompt)) }: Script) {
  const server = await startStandIn((response, request) => {
    const { model, messages, response_format } = request.body;
    const answer = response_format ? sumsUp(messages[1].content) : says(model);
    answer(response, request);
  });
  const at = (name: string) => modelAt(server.url, { name, modelId: name });
  const models: [ModelConfig, ModelConfig] = [at("a"), at("b")];
  const policy = { timeoutMs: 20_000, wait: async () => {}, now: Date.now, random: () => 0 };
  const app = await startApp({ runner: createAiSdkRunner({ models, ...policy }) });
  const founder = new Founder(app);
  const projectId = await founder.project();
  const input = {
    projectId,
    question: "Well?",
    type: "DISCUSS",
    models: ["a", "b"],
    rounds: 1,
  } satisfies StartDiscussionInput;
  const { discussion } = await founder.succeed(StartDiscussion, input);
  const first = await untilQuiet(founder, discussion.id);
  return {
    first,
    /** The prompts for text so far, oldest first. */
    prompts: () =>
      server.requests.flatMap(({ body }): string[] =>
        body.response_format ? [] : [body.messages[1].content],
      ),
    calls: () => server.requests.length,
    async anotherRound() {
      await founder.succeed(AddRound, { discussionId: discussion.id, type: "SEQUENTIAL" });
      return untilQuiet(founder, discussion.id);
    },
    usage: () =>
      app.database.prisma.usageLog.findMany({
        where: { projectId: uuidOf(projectId), purpose: "DISCUSSION" },
        orderBy: { id: "asc" },
      }),
    prisma: app.database.prisma,
  };
}

const messagesOf = ({ rounds }: Awaited<ReturnType<typeof untilQuiet>>) =>
  rounds.flatMap(({ messages }) => messages);

describe("usage figures that cannot be", () => {
  test.each([
    ["negative", -5],
    ["beyond an integer's column", 5_000_000_000],
    ["text", "100"],
    ["a fraction", 0.5],
  ])("%s: the answer is stored once, asked for once, and counts as reserved", async (_name, prompt_tokens) => {
    const usage = { ...ANSWER_USAGE, prompt_tokens };
    const {
      first,
      calls,
      usage: booked,
    } = await world({
      says: () => streamed(["Yes."], { usage }),
      sumsUp: (prompt) => completion(agreement(prompt), { usage }),
    });
    expect(messagesOf(first)).toMatchObject([
      { content: "Yes.", status: "COMPLETED", attempt: 1 },
      { content: "Yes.", status: "COMPLETED", attempt: 1 },
    ]);
    expect(first.consensus?.score).toBe(1);
    expect(calls()).toBe(3);
    expect(await booked()).toMatchObject([
      { status: "SETTLED", outputTokens: 8_000 },
      { status: "SETTLED", outputTokens: 8_000 },
      { status: "SETTLED", outputTokens: 16_000 },
    ]);
  });
});

describe("the end of an answer", () => {
  test.each(["eos_token", "end", ""])("%j: the answer is whole", async (finishReason) => {
    const { first } = await world({ says: () => streamed(["Yes."], { finishReason }) });
    expect(messagesOf(first)).toMatchObject([
      { status: "COMPLETED", content: "Yes.", isCut: false },
      { status: "COMPLETED", content: "Yes.", isCut: false },
    ]);
  });

  test("at a limit is told to people and to the other models", async () => {
    const { first, anotherRound, prompts } = await world({
      says: (model) => streamed(["Talk to cust"], { finishReason: model === "a" ? "length" : "stop" }),
    });
    expect(messagesOf(first).map(({ model, isCut }) => [model, isCut])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(first.markdown).toContain("Talk to cust\n\n*Cut off at a limit.*");
    await anotherRound();
    expect(prompts().at(-1)).toContain("[M1] a: Talk to cust (cut off here)\n\n[M2] b: Talk to cust\n");
  });
});

describe("a model that ignores its limit", () => {
  const flood = streamed(["many words ".repeat(280_000)]);

  test("is cut in what is stored and in what is sent, and the discussion goes on within the plan", async () => {
    const { first, anotherRound, prompts } = await world({
      says: (model) => (model === "a" ? flood : streamed(["Yes."])),
    });
    const [long] = messagesOf(first);
    expect(long).toMatchObject({ model: "a", status: "COMPLETED", isCut: true });
    expect(long?.content.length).toBe(MAX_MESSAGE);
    const second = await anotherRound();
    expect(messagesOf(second).map(({ status }) => status)).toEqual(Array(4).fill("COMPLETED"));
    expect(second.consensusFailure).toBeNull();
    for (const prompt of prompts()) expect(prompt.length).toBeLessThan(MAX_PROMPT);
  });

  test("and whose flood was stored by an earlier version no longer stands in the way", async () => {
    const { first, anotherRound, prompts, prisma } = await world({ says: () => streamed(["Yes."]) });
    const [message] = messagesOf(first);
    await prisma.message.update({
      where: { id: uuidOf(message?.id ?? "") },
      data: { content: "many words ".repeat(280_000) },
    });
    const second = await anotherRound();
    expect(messagesOf(second).map(({ status }) => status)).toEqual(Array(4).fill("COMPLETED"));
    expect(prompts().at(-1)).toContain("[M2] b: Yes.");
    for (const prompt of prompts()) expect(prompt.length).toBeLessThan(MAX_PROMPT);
  });
});

test("what a model thinks aloud is in no message, and no other model reads it", async () => {
  const { first, anotherRound, prompts } = await world({
    says: () => streamed(["<thi", "nk>SECRET doubts</th", "ink>\n\nYes."]),
  });
  expect(messagesOf(first).map(({ content }) => content)).toEqual(["Yes.", "Yes."]);
  await anotherRound();
  expect(prompts().at(-1)).toContain("[M1] a: Yes.\n");
  for (const prompt of prompts()) expect(prompt).not.toContain("SECRET");
});

test("a summary whose faults the database could not store is asked for twice and no more", async () => {
  const { first, calls } = await world({
    says: () => streamed(["Yes."]),
    sumsUp: () =>
      completion({
        agreements: [{ statement: "They agree.", cites: ["M\u0000", "\ud800"] }],
        disagreements: [],
        dissent: [],
        score: 1,
      }),
  });
  expect(first.consensusFailure).toMatchObject({
    reason: "INVALID_OUTPUT",
    message: expect.stringContaining("none of the messages"),
  });
  expect(calls()).toBe(4);
});
