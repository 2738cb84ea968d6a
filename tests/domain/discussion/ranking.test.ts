import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregateRankings, anonymize, checkRanking } from "../../../src/domain/discussion/ranking.ts";
import type { Said } from "../../../src/domain/discussion/transcript.ts";

const MODELS = ["claude", "gpt", "gemini", "local"];
const ANSWERS: Said[] = MODELS.map((model) => ({
  id: `answer of ${model}`,
  model,
  roundNumber: 1,
  text: `I am ${model}, unlike GPT and gemini.`,
}));

describe("what a judge is given", () => {
  test("are the others' answers, without any name", () => {
    const candidates = anonymize("gpt", ANSWERS, MODELS);
    expect(candidates.map(({ label }) => label)).toEqual(["A", "B", "C"]);
    expect(candidates.map(({ message }) => message.model).toSorted()).toEqual(["claude", "gemini", "local"]);
    for (const { text } of candidates) expect(text).toBe("I am somebody, unlike somebody and somebody.");
  });

  test("is the same each time, and in another order for another judge", () => {
    const orders = MODELS.map((judge) => anonymize(judge, ANSWERS, MODELS).map(({ message }) => message.id));
    expect(MODELS.map((judge) => anonymize(judge, ANSWERS, MODELS).map(({ message }) => message.id))).toEqual(
      orders,
    );
    const ofOthers = orders.map((order) =>
      order.filter((id) => id.endsWith("claude") || id.endsWith("local")).join(),
    );
    expect(new Set(ofOthers).size).toBeGreaterThan(1);
  });
});

describe("a ranking", () => {
  const candidates = anonymize("gpt", ANSWERS, MODELS);
  const rank = (...labels: string[]) =>
    checkRanking({ ranking: labels.map((label) => ({ label, reason: "Good." })) }, candidates);

  test("of every answer once holds, and names their authors again", () => {
    const [a, b, c] = candidates.map(({ message }) => message);
    expect(rank("C", "answer a", "b.")).toEqual({
      ranking: [c?.id, a?.id, b?.id],
      content: `1. ${c?.model}: Good.\n2. ${a?.model}: Good.\n3. ${b?.model}: Good.`,
    });
  });

  test.each([
    [["A", "B"], "It does not rank all of the answers."],
    [["A", "B", "B"], "It ranks an answer twice."],
    [["A", "B", "D"], 'It ranks "D", which is none of the answers.'],
    [["A", "B", "claude"], 'It ranks "claude", which is none of the answers.'],
  ])("%j does not hold", (labels, problem) => {
    expect(rank(...labels)).toEqual({ problem });
  });
});

describe("the scores", () => {
  const authors = new Map(MODELS.map((model) => [model, model]));

  test("are Borda's count as a share of what could be had", () => {
    const rankings = [
      ["gpt", "gemini", "local"],
      ["claude", "gemini", "local"],
      ["gpt", "claude", "local"],
      ["gpt", "claude", "gemini"],
    ];
    expect(aggregateRankings(rankings, authors)).toEqual([
      { model: "gpt", score: 1, rankings: 3 },
      { model: "claude", score: 0.667, rankings: 3 },
      { model: "gemini", score: 0.333, rankings: 3 },
      { model: "local", score: 0, rankings: 3 },
    ]);
  });

  test("do not depend on the order of the rankings, and lie between 0 and 1", () => {
    const ranking = fc.shuffledSubarray(MODELS, { minLength: 1 });
    fc.assert(
      fc.property(fc.array(ranking, { maxLength: 10 }), (rankings) => {
        const scores = aggregateRankings(rankings, authors);
        expect(aggregateRankings(rankings.toReversed(), authors)).toEqual(scores);
        for (const { score } of scores) expect(score >= 0 && score <= 1).toBe(true);
        expect(scores.map(({ score }) => score)).toEqual(
          scores.map(({ score }) => score).toSorted((a, b) => b - a),
        );
      }),
    );
  });

  test("of nobody are none", () => {
    expect(aggregateRankings([], authors)).toEqual([]);
    expect(aggregateRankings([["of somebody unknown"]], authors)).toEqual([]);
  });
});
