import { describe, expect, test } from "vitest";
import { checkConsensus, consensusSchema } from "../../../src/domain/discussion/consensus.ts";
import {
  answerPrompt,
  consensusPrompt,
  directPrompt,
  rankingPrompt,
} from "../../../src/domain/discussion/prompts.ts";
import { anonymize, checkRanking, rankingSchema } from "../../../src/domain/discussion/ranking.ts";
import { speakingOrder } from "../../../src/domain/discussion/rounds.ts";
import type { Said } from "../../../src/domain/discussion/transcript.ts";
import { readPrompt } from "../../../src/llm/offline/discussion/read-prompt.ts";
import { createOfflineRunner } from "../../../src/llm/offline/offline-runner.ts";
import type { Meter, ReplyRequest } from "../../../src/llm/runner.ts";

const MODELS = ["claude", "gpt", "gemini"];
const SETTING = {
  project: { name: "Shelf", description: "Counts what is on the shelf.\n\nWith a phone." },
  question: "Do we build for shops with barcodes first?\n\nOr for all?",
  models: MODELS,
  systemPrompt: null,
};
const runner = createOfflineRunner({ scenario: null });
const meter: Meter = (_estimate, call) => call();
const options = { meter, signal: new AbortController().signal };

function request(model: string, { system, prompt }: { system: string; prompt: string }): ReplyRequest {
  return { model, system, messages: [{ role: "user", content: prompt }], maxOutputTokens: 2_000 };
}

/** What is said in that many rounds, the later ones in turn. */
async function discuss(rounds: number): Promise<Said[]> {
  const said: Said[] = [];
  for (let roundNumber = 1; roundNumber <= rounds; roundNumber++) {
    const heard = [...said];
    for (const model of speakingOrder(MODELS, roundNumber)) {
      const before = roundNumber === 1 ? heard : said;
      const type = roundNumber === 1 ? "PARALLEL" : "SEQUENTIAL";
      const { text } = await runner.reply(
        request(model, answerPrompt(model, type, SETTING, before)),
        options,
      );
      said.push({ id: `${roundNumber} ${model}`, roundNumber, model, text });
    }
  }
  return said;
}

async function consensusOf(transcript: readonly Said[]) {
  const asked = { ...request("claude", consensusPrompt(SETTING, transcript)), schema: consensusSchema };
  const { object } = await runner.generateObject(asked, options);
  return checkConsensus(object, transcript);
}

test("the offline models read a prompt as it was written", () => {
  const transcript: Said[] = [
    { id: "M1", roundNumber: 1, model: "claude", text: "One.\n\nTwo." },
    { id: "M2", roundNumber: 2, model: "founder", text: "Why?" },
  ];
  const { prompt } = directPrompt("gpt", SETTING, transcript, "And you?");
  expect(readPrompt(prompt)).toEqual({
    project: "Shelf\n\nCounts what is on the shelf.\n\nWith a phone.",
    question: SETTING.question,
    transcript,
    candidates: [],
    asked: "And you?",
  });
  const candidates = [
    { label: "A", text: "One.\n\nTwo." },
    { label: "B", text: "Three." },
  ];
  expect(readPrompt(rankingPrompt(SETTING, candidates).prompt)).toMatchObject({ candidates, asked: null });
});

describe("the offline models", () => {
  test("begin apart and agree in the third round", async () => {
    const scores = [];
    for (const rounds of [1, 2, 3]) {
      const checked = await consensusOf(await discuss(rounds));
      scores.push("consensus" in checked ? checked.consensus.score : checked.problems);
    }
    expect(scores).toEqual([0.33, 0.67, 1]);
  });

  test("sum up who stands apart, from what was really said", async () => {
    expect(await consensusOf(await discuss(2))).toMatchObject({
      consensus: {
        agreements: [{ messages: ["2 claude", "2 gpt"] }],
        disagreements: [{ positions: { claude: {}, gpt: {}, gemini: { messages: ["2 gemini"] } } }],
        dissent: [{ model: "gemini", messages: ["2 gemini"] }],
      },
    });
  });

  test("answer differently, and the same each time", async () => {
    const first = await discuss(1);
    expect(new Set(first.map(({ text }) => text)).size).toBe(3);
    expect(await discuss(1)).toEqual(first);
  });

  test("rank every answer once", async () => {
    const candidates = anonymize("gpt", await discuss(1), MODELS);
    const asked = { ...request("gpt", rankingPrompt(SETTING, candidates)), schema: rankingSchema };
    const { object } = await runner.generateObject(asked, options);
    expect(checkRanking(object, candidates)).toHaveProperty("ranking");
  });
});
