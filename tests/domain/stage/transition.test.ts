import { describe, expect, test } from "vitest";
import { GUARD_RULES } from "../../../src/domain/guard.ts";
import { DECISIONS, type DecisionInForce, validateTransition } from "../../../src/domain/stage/transition.ts";
import { ALL_STAGES, everyCombination } from "../support.ts";

/**
 * What each move is, read off the design: the first word that forbids it gives the reason. A `step` is one
 * stage forward, a `leap` more than one.
 */
const MOVES = [
  // to 0        1       2       3       4       5
  ["pre same", "step", "leap", "leap", "leap", "locked leap"],
  ["pre back", "same", "step", "leap", "leap", "locked leap"],
  ["pre back", "back", "same", "step", "leap", "locked leap"],
  ["pre back", "back", "back", "same", "step", "locked leap"],
  ["pre back", "back", "back", "back", "same", "locked step"],
  ["pre back", "back", "back", "back", "back", "locked same"],
] as const;

/** The rules that forbid such a move, without a PROCEED of the current stage and with one. */
const FORBIDS: Record<string, { without: string[]; with: string[] }> = {
  locked: { without: ["STAGE_LOCKED"], with: ["STAGE_LOCKED"] },
  pre: { without: ["PRE_STAGE_REENTRY"], with: ["PRE_STAGE_REENTRY"] },
  same: { without: ["SAME_STAGE"], with: ["SAME_STAGE"] },
  step: { without: ["PROCEED_REQUIRED"], with: [] },
  leap: { without: ["PROCEED_REQUIRED", "ONE_STAGE_AT_A_TIME"], with: ["ONE_STAGE_AT_A_TIME"] },
  back: { without: [], with: [] },
};

const COMBINATIONS = everyCombination({
  current: ALL_STAGES,
  target: ALL_STAGES,
  status: ["ACTIVE", "PARKED"],
  proceedHere: [false, true],
  proceedElsewhere: [false, true],
  otherDecisionsHere: [false, true],
});
type Combination = (typeof COMBINATIONS)[number];

function decisionsOf({ current, ...has }: Combination): DecisionInForce[] {
  const elsewhere = ALL_STAGES.filter((stage) => stage !== current);
  const others = DECISIONS.filter((decision) => decision !== "PROCEED");
  return [
    ...(has.proceedElsewhere ? elsewhere.map((stage) => ({ stage, decision: "PROCEED" as const })) : []),
    ...(has.otherDecisionsHere ? others.map((decision) => ({ stage: current, decision })) : []),
    ...(has.proceedHere ? [{ stage: current, decision: "PROCEED" as const }] : []),
  ];
}

function expectedRules({ current, target, status, proceedHere }: Combination): string[] {
  const words = (MOVES[current]?.[target] ?? "").split(" ");
  const forbidden = words.flatMap((word) => FORBIDS[word]?.[proceedHere ? "with" : "without"] ?? ["?"]);
  return status === "PARKED" ? ["PARKED", ...forbidden] : forbidden;
}

function rulesOf(combination: Combination): string[] {
  const { current, target, status } = combination;
  return validateTransition(current, target, status, decisionsOf(combination)).map(({ rule }) => rule);
}

const NO_DECISION: DecisionInForce[] = [];
const proceedOf = (stage: DecisionInForce["stage"]): DecisionInForce[] => [{ stage, decision: "PROCEED" }];

function firstRule(...move: Parameters<typeof validateTransition>): string | undefined {
  return validateTransition(...move)[0]?.rule;
}

describe("validateTransition, over every combination", () => {
  test.each(
    ALL_STAGES,
  )("gives the first rule that forbids a move out of stage %i, and none otherwise", (from) => {
    const moves = COMBINATIONS.filter(({ current }) => current === from);
    expect(moves).toHaveLength(6 * 2 * 2 * 2 * 2);
    expect(moves.map((move) => ({ ...move, first: rulesOf(move)[0] }))).toEqual(
      moves.map((move) => ({ ...move, first: expectedRules(move)[0] })),
    );
  });

  test.each([0, 1, 2, 3, 4] as const)("names every rule that forbids a move to stage %i, in order", (to) => {
    const moves = COMBINATIONS.filter(({ target }) => target === to);
    expect(moves.map((move) => ({ ...move, rules: rulesOf(move) }))).toEqual(
      moves.map((move) => ({ ...move, rules: expectedRules(move) })),
    );
  });
});

describe("validateTransition", () => {
  test("lets a project go one stage forward after a PROCEED of its stage", () => {
    expect(validateTransition(2, 3, "ACTIVE", proceedOf(2))).toEqual([]);
  });

  test("refuses to go forward without a gate's decision", () => {
    expect(firstRule(1, 2, "ACTIVE", NO_DECISION)).toBe("PROCEED_REQUIRED");
  });

  test("refuses to go forward on the PROCEED of an earlier stage", () => {
    expect(firstRule(2, 3, "ACTIVE", proceedOf(1))).toBe("PROCEED_REQUIRED");
  });

  test.each([
    "NARROW",
    "PIVOT",
    "PARK",
  ] as const)("refuses to go forward on a %s of its stage", (decision) => {
    expect(firstRule(1, 2, "ACTIVE", [{ stage: 1, decision }])).toBe("PROCEED_REQUIRED");
  });

  test("refuses to skip a stage", () => {
    expect(firstRule(1, 3, "ACTIVE", proceedOf(1))).toBe("ONE_STAGE_AT_A_TIME");
  });

  test("refuses to enter the locked stage, even one step ahead with a PROCEED", () => {
    expect(firstRule(4, 5, "ACTIVE", proceedOf(4))).toBe("STAGE_LOCKED");
  });

  test("does not call the step from stage 4 to the locked stage a leap", () => {
    expect(validateTransition(4, 5, "ACTIVE", proceedOf(4)).map(({ rule }) => rule)).toEqual([
      "STAGE_LOCKED",
    ]);
  });

  test("calls a leap to the locked stage both locked and a leap", () => {
    expect(validateTransition(3, 5, "ACTIVE", proceedOf(3)).map(({ rule }) => rule)).toEqual([
      "STAGE_LOCKED",
      "ONE_STAGE_AT_A_TIME",
    ]);
  });

  test("refuses to re-enter the pre-stage", () => {
    expect(firstRule(1, 0, "ACTIVE", proceedOf(1))).toBe("PRE_STAGE_REENTRY");
  });

  test("refuses the stage that the project is in", () => {
    expect(firstRule(3, 3, "ACTIVE", proceedOf(3))).toBe("SAME_STAGE");
  });

  test("lets a project go back several stages without any decision", () => {
    expect(validateTransition(4, 1, "ACTIVE", NO_DECISION)).toEqual([]);
  });

  test("refuses every move of a parked project, the way back included", () => {
    expect(firstRule(3, 1, "PARKED", NO_DECISION)).toBe("PARKED");
    expect(firstRule(2, 3, "PARKED", proceedOf(2))).toBe("PARKED");
  });

  test("says in words what each rule asks", () => {
    expect(validateTransition(0, 1, "PARKED", NO_DECISION)).toEqual([
      { rule: "PARKED", message: GUARD_RULES.PARKED },
      { rule: "PROCEED_REQUIRED", message: GUARD_RULES.PROCEED_REQUIRED },
    ]);
  });
});
