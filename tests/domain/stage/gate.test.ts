import { describe, expect, test } from "vitest";
import { allowedDecisions, type GateOutcome, resolveGate } from "../../../src/domain/stage/gate.ts";
import type { Journey } from "../../../src/domain/stage/journey.ts";
import { DECISIONS, type Decision } from "../../../src/domain/stage/transition.ts";
import { everyCombination, journey, pendingGate, REACHABLE_STAGES, risk, setup } from "../support.ts";

type Reachable = (typeof REACHABLE_STAGES)[number];

const quiet = {
  status: "ACTIVE",
  completesGateOf: null,
  resets: [],
  voids: [],
  expiresOthers: false,
} as const;
const pivoted: GateOutcome = {
  ...quiet,
  stage: 1,
  resets: [2, 3, 4, 5],
  voids: [0, 1, 2, 3, 4, 5],
  expiresOthers: true,
};
const parkedIn = (stage: Reachable): GateOutcome => ({ ...quiet, stage, status: "PARKED" });

/** What each decision about a gate of the current stage does when nothing stands in its way, else the rule. */
const OUTCOMES: Record<Reachable, Record<Decision, GateOutcome | string>> = {
  0: {
    PROCEED: { ...quiet, stage: 1, voids: [0] },
    NARROW: { ...quiet, stage: 0, voids: [0] },
    PIVOT: "PIVOT_BEFORE_FIRST_STAGE",
    PARK: parkedIn(0),
  },
  1: {
    PROCEED: { ...quiet, stage: 2, completesGateOf: 1, voids: [1] },
    NARROW: { ...quiet, stage: 1, resets: [1], voids: [1] },
    PIVOT: pivoted,
    PARK: parkedIn(1),
  },
  2: {
    PROCEED: { ...quiet, stage: 3, completesGateOf: 2, voids: [2] },
    NARROW: { ...quiet, stage: 2, resets: [2], voids: [2] },
    PIVOT: pivoted,
    PARK: parkedIn(2),
  },
  3: {
    PROCEED: { ...quiet, stage: 4, completesGateOf: 3, voids: [3] },
    NARROW: { ...quiet, stage: 3, resets: [3], voids: [3] },
    PIVOT: pivoted,
    PARK: parkedIn(3),
  },
  4: {
    PROCEED: "STAGE_LOCKED",
    NARROW: { ...quiet, stage: 4, resets: [4], voids: [4] },
    PIVOT: pivoted,
    PARK: parkedIn(4),
  },
};

const COMBINATIONS = everyCombination({
  stage: REACHABLE_STAGES,
  status: ["ACTIVE", "PARKED"],
  archived: [false, true],
  pendingOther: [false, true],
  blockingRisk: [false, true],
}).filter(({ stage, blockingRisk }) => !(stage === 0 && blockingRisk)); // the pre-stage has no risks
type Combination = (typeof COMBINATIONS)[number];

const theGate = (stage: Reachable) => pendingGate(stage, { id: "the-gate" });

function journeyOf({ stage, status, archived, pendingOther, blockingRisk }: Combination): Journey {
  const other = pendingGate(stage, { id: "other-gate" });
  return journey(stage, {
    status,
    archived,
    pendingGates: pendingOther ? [theGate(stage), other] : [theGate(stage)],
    setups: blockingRisk ? { [stage]: setup({ risks: [risk()] }) } : {},
  });
}

function expectedResult(combination: Combination, decision: Decision): GateOutcome | string {
  const { stage, status, archived, pendingOther, blockingRisk } = combination;
  const outcome = OUTCOMES[stage][decision];
  if (archived) return "ARCHIVED";
  if (status === "PARKED") return "PARKED";
  if (decision !== "PROCEED" || typeof outcome === "string") return outcome;
  if (pendingOther) return "GATE_PENDING";
  return blockingRisk ? "BLOCKING_RISK" : outcome;
}

/** The outcome, or the first rule that refuses it. */
function resultOf(project: Journey, stage: Reachable, decision: Decision): GateOutcome | string | undefined {
  const resolution = resolveGate(project, theGate(stage), decision);
  return resolution.allowed ? resolution.outcome : resolution.blockers[0]?.rule;
}

describe("resolveGate, over every combination", () => {
  test.each(
    DECISIONS,
  )("%s does what the design says, or is refused with the first rule that fails", (decision) => {
    expect(COMBINATIONS).toHaveLength((5 * 2 - 1) * 2 * 2 * 2);
    expect(
      COMBINATIONS.map((each) => ({ ...each, result: resultOf(journeyOf(each), each.stage, decision) })),
    ).toEqual(COMBINATIONS.map((each) => ({ ...each, result: expectedResult(each, decision) })));
  });

  test("allowedDecisions names exactly the decisions that are not refused", () => {
    expect(COMBINATIONS.map((each) => allowedDecisions(journeyOf(each), theGate(each.stage)))).toEqual(
      COMBINATIONS.map((each) =>
        DECISIONS.filter((decision) => typeof expectedResult(each, decision) === "object"),
      ),
    );
  });
});

describe("resolveGate", () => {
  test("PROCEED needs no earlier decision: it is the PROCEED that going forward asks for", () => {
    const project = journey(1, { pendingGates: [theGate(1)], decisions: [] });
    expect(resultOf(project, 1, "PROCEED")).toMatchObject({ stage: 2, completesGateOf: 1 });
  });

  test("PROCEED out of the last open stage is refused as locked", () => {
    const project = journey(4, { pendingGates: [theGate(4)] });
    expect(resolveGate(project, theGate(4), "PROCEED")).toMatchObject({
      allowed: false,
      target: "SCALE_AND_OPTIMIZE",
      blockers: expect.arrayContaining([expect.objectContaining({ rule: "STAGE_LOCKED" })]),
    });
  });

  test("PROCEED is refused with everything that stands in its way, in order", () => {
    const project = journey(2, {
      archived: true,
      status: "PARKED",
      pendingGates: [theGate(2), pendingGate(2, { id: "other-gate" })],
      setups: { 2: setup({ risks: [risk()] }) },
    });
    const resolution = resolveGate(project, theGate(2), "PROCEED");
    expect(resolution).toMatchObject({ allowed: false, target: "MVP_BUILT" });
    expect(resolution.allowed ? [] : resolution.blockers.map(({ rule }) => rule)).toEqual([
      "ARCHIVED",
      "PARKED",
      "GATE_PENDING",
      "BLOCKING_RISK",
    ]);
  });

  test("PROCEED is open again once the blocking risk is dismissed", () => {
    const setups = { 2: setup({ risks: [risk({ dismissed: true })] }) };
    expect(resultOf(journey(2, { setups }), 2, "PROCEED")).toMatchObject({ stage: 3 });
  });

  test("PROCEED is not refused by a risk that does not block, or that blocks another stage", () => {
    const setups = { 2: setup({ risks: [risk({ blocking: false })] }), 3: setup({ risks: [risk()] }) };
    expect(resultOf(journey(2, { setups }), 2, "PROCEED")).toMatchObject({ stage: 3 });
  });

  test.each([
    ["NARROW", "VALIDATED_DIRECTION"],
    ["PIVOT", "THESIS_DEFINED"],
    ["PARK", "PARKED"],
  ] as const)("a refused %s says that it would have led to %s", (decision, target) => {
    expect(resolveGate(journey(2, { status: "PARKED" }), theGate(2), decision)).toMatchObject({
      allowed: false,
      target,
    });
  });

  test("PIVOT in stage 1 starts over without leaving it", () => {
    expect(resultOf(journey(1), 1, "PIVOT")).toMatchObject({
      stage: 1,
      resets: [2, 3, 4, 5],
      expiresOthers: true,
    });
  });
});
