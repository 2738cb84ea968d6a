import { describe, expect, test } from "vitest";
import {
  type ConsensusDraft,
  checkConsensus,
  consensusSchema,
} from "../../../src/domain/discussion/consensus.ts";
import type { Said } from "../../../src/domain/discussion/transcript.ts";

const said = (id: string, model: string | null): Said => ({ id, model, roundNumber: 1, text: "…" });
/** M1 claude, M2 gpt, M3 a person, M4 gemini. */
const TRANSCRIPT = [said("a", "claude"), said("b", "gpt"), said("c", null), said("d", "gemini")];

const GOOD: ConsensusDraft = {
  agreements: [{ statement: "It is worth it.", cites: ["M1", "M2"] }],
  disagreements: [
    {
      topic: "When",
      positions: [
        { model: "claude", position: "Now.", cites: ["M1"] },
        { model: "gpt", position: "Later.", cites: ["M2", "M3"] },
      ],
    },
  ],
  dissent: [{ model: "gemini", statement: "It is not.", cites: ["M4"] }],
  score: 0.6,
};

function problemsOf(change: Partial<ConsensusDraft>): readonly string[] {
  const checked = checkConsensus({ ...GOOD, ...change }, TRANSCRIPT);
  return "problems" in checked ? checked.problems : [];
}

test("a summary that holds cites the messages by their ids", () => {
  expect(checkConsensus(GOOD, TRANSCRIPT)).toEqual({
    consensus: {
      agreements: [{ statement: "It is worth it.", messages: ["a", "b"] }],
      disagreements: [
        {
          topic: "When",
          positions: {
            claude: { position: "Now.", messages: ["a"] },
            gpt: { position: "Later.", messages: ["b", "c"] },
          },
        },
      ],
      dissent: [{ model: "gemini", statement: "It is not.", messages: ["d"] }],
      score: 0.6,
    },
  });
});

test("labels are read as models write them", () => {
  const agreements = [{ statement: "Yes.", cites: ["m1", "[M2]", " 4 ", "M1"] }];
  expect(checkConsensus({ ...GOOD, agreements }, TRANSCRIPT)).toMatchObject({
    consensus: { agreements: [{ messages: ["a", "b", "d"] }] },
  });
});

const positions = (...entries: [model: string, cites: string[]][]) => [
  { topic: "When", positions: entries.map(([model, cites]) => ({ model, position: "Now.", cites })) },
];

describe("a summary does not hold", () => {
  test.each<[what: string, change: Partial<ConsensusDraft>, problem: string]>([
    [
      "when an agreement cites nothing",
      { agreements: [{ statement: "Yes.", cites: [] }] },
      "Agreement 1 cites no message.",
    ],
    [
      "when it cites what was not said",
      { agreements: [{ statement: "Yes.", cites: ["M5"] }] },
      'Agreement 1 cites "M5", which is none of the messages.',
    ],
    [
      "when it cites no label",
      { agreements: [{ statement: "Yes.", cites: ["claude"] }] },
      'Agreement 1 cites "claude", which is none of the messages.',
    ],
    [
      "when a position cites nothing",
      { disagreements: positions(["claude", []], ["gpt", ["M2"]]) },
      "Disagreement 1, the position of claude, cites no message.",
    ],
    [
      "when a position rests on others' words",
      { disagreements: positions(["claude", ["M2"]], ["gpt", ["M2"]]) },
      "Disagreement 1, the position of claude, cites no message of claude.",
    ],
    [
      "when a position is nobody's",
      { disagreements: positions(["grok", ["M1"]], ["gpt", ["M2"]]) },
      'Disagreement 1, the position of grok, names "grok", which did not speak.',
    ],
    [
      "when only one has a position",
      { disagreements: positions(["gpt", ["M2"]]) },
      "Disagreement 1 has fewer than two positions.",
    ],
    [
      "when one has two positions",
      { disagreements: positions(["gpt", ["M2"]], ["gpt", ["M2"]], ["claude", ["M1"]]) },
      "Disagreement 1 gives a model two positions.",
    ],
    [
      "when a dissent rests on others' words",
      { dissent: [{ model: "gemini", statement: "No.", cites: ["M1"] }] },
      "The dissent of gemini cites no message of gemini.",
    ],
    ["when it drops a model", { dissent: [] }, "gemini spoke and does not appear."],
  ])("%s", (_what, change, problem) => {
    expect(problemsOf(change)).toContain(problem);
  });
});

test("whoever is cited by an agreement appears, and a person need not", () => {
  const agreements = [{ statement: "Yes.", cites: ["M1", "M2", "M4"] }];
  expect(problemsOf({ agreements, disagreements: [], dissent: [] })).toEqual([]);
});

test.each([-0.1, 1.1, Number.NaN])("a score of %s is none", (score) => {
  expect(consensusSchema.safeParse({ ...GOOD, score }).success).toBe(false);
});

test("everything that is wrong is told at once, for the repair", () => {
  const agreements = [{ statement: "Yes.", cites: ["M9"] }];
  expect(problemsOf({ agreements, dissent: [] })).toHaveLength(2);
});
