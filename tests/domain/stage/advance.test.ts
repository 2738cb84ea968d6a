import { describe, expect, test } from "vitest";
import { allowedStages, canAdvanceStage, explainTransition } from "../../../src/domain/stage/advance.ts";
import type { Journey } from "../../../src/domain/stage/journey.ts";
import { stageOf } from "../../../src/domain/stage/stage.ts";
import { validateTransition } from "../../../src/domain/stage/transition.ts";
import {
  ALL_STAGES,
  everyCombination,
  journey,
  pendingGate,
  REACHABLE_STAGES,
  risk,
  setup,
} from "../support.ts";

/** What may be waiting in stage 2 or beside it, and whether it keeps the project there. */
const GATES = [
  { gates: "none", pendingGates: [], stands: false },
  { gates: "the decided one", pendingGates: [pendingGate(2, { id: "own" })], stands: false },
  { gates: "another", pendingGates: [pendingGate(2, { id: "other" })], stands: true },
  { gates: "one of stage 3", pendingGates: [pendingGate(3, { id: "other" })], stands: false },
  {
    gates: "the decided one and another",
    pendingGates: [pendingGate(2, { id: "own" }), pendingGate(2, { id: "other" })],
    stands: true,
  },
] as const;

const RISKS = [
  { risks: "none", setups: {}, stands: false },
  { risks: "blocking", setups: { 2: setup({ risks: [risk()] }) }, stands: true },
  {
    risks: "blocking, dismissed",
    setups: { 2: setup({ risks: [risk({ dismissed: true })] }) },
    stands: false,
  },
  { risks: "not blocking", setups: { 2: setup({ risks: [risk({ blocking: false })] }) }, stands: false },
  { risks: "blocking, of stage 3", setups: { 3: setup({ risks: [risk()] }) }, stands: false },
  {
    risks: "a dismissed one and a blocking one",
    setups: { 2: setup({ risks: [risk({ dismissed: true }), risk({ id: "risk-2" })] }) },
    stands: true,
  },
] as const;

const rules = (blockers: readonly { rule: string }[]) => blockers.map(({ rule }) => rule);

describe("canAdvanceStage", () => {
  const table = everyCombination({ gate: GATES, risk: RISKS }).map(({ gate, risk }) => ({
    gates: gate.gates,
    risks: risk.risks,
    project: journey(2, { pendingGates: gate.pendingGates, setups: risk.setups }),
    expected: [...(gate.stands ? ["GATE_PENDING"] : []), ...(risk.stands ? ["BLOCKING_RISK"] : [])],
  }));

  test.each(table)("pending gates: $gates; risks: $risks → $expected", ({ project, expected }) => {
    expect(rules(canAdvanceStage(project, "own"))).toEqual(expected);
  });

  test("counts every pending gate of the stage when no decision is asking", () => {
    const project = journey(2, { pendingGates: [pendingGate(2, { id: "own" })] });
    expect(rules(canAdvanceStage(project))).toEqual(["GATE_PENDING"]);
  });

  test("lets the pre-stage, which has no risks, be left", () => {
    expect(canAdvanceStage(journey(0))).toEqual([]);
  });
});

const JOURNEYS = everyCombination({
  stage: REACHABLE_STAGES,
  status: ["ACTIVE", "PARKED"],
  archived: [false, true],
  proceed: [false, true],
  pending: [false, true],
  blocking: [false, true],
}).filter(({ stage, blocking }) => !(stage === 0 && blocking)); // the pre-stage has no risks

function journeyOf({ stage, status, archived, ...has }: (typeof JOURNEYS)[number]): Journey {
  return journey(stage, {
    status,
    archived,
    decisions: has.proceed ? [{ stage, decision: "PROCEED" }] : [],
    pendingGates: has.pending ? [pendingGate(stage)] : [],
    setups: has.blocking ? { [stage]: setup({ risks: [risk()] }) } : {},
  });
}

describe("explainTransition", () => {
  test.each(REACHABLE_STAGES)("puts the rules in order for every move out of stage %i", (from) => {
    const cases = everyCombination({ has: JOURNEYS.filter(({ stage }) => stage === from), to: ALL_STAGES });
    const explained = cases.map(({ has, to }) => ({
      has,
      to,
      rules: rules(explainTransition(journeyOf(has), to)),
    }));
    const expected = cases.map(({ has, to }) => ({
      has,
      to,
      rules: [
        ...(has.archived ? ["ARCHIVED"] : []),
        ...rules(validateTransition(from, to, has.status, journeyOf(has).decisions)),
        ...(to > from && has.pending ? ["GATE_PENDING"] : []),
        ...(to > from && has.blocking ? ["BLOCKING_RISK"] : []),
      ],
    }));
    expect(explained).toEqual(expected);
  });

  test("opens the next stage to a project with a PROCEED and nothing in its way", () => {
    const project = journey(2, { decisions: [{ stage: 2, decision: "PROCEED" }] });
    expect(explainTransition(project, 3)).toEqual([]);
  });

  test("keeps a project with a PROCEED in its stage while a gate is pending there", () => {
    const project = journey(2, {
      decisions: [{ stage: 2, decision: "PROCEED" }],
      pendingGates: [pendingGate(2)],
    });
    expect(rules(explainTransition(project, 3))).toEqual(["GATE_PENDING"]);
  });

  test("lets a project go back past a pending gate and a blocking risk", () => {
    const project = journey(3, { pendingGates: [pendingGate(3)], setups: { 3: setup({ risks: [risk()] }) } });
    expect(explainTransition(project, 1)).toEqual([]);
  });

  test("tells an archived project that it is archived before anything else", () => {
    expect(rules(explainTransition(journey(1, { archived: true, status: "PARKED" }), 5)).slice(0, 3)).toEqual(
      ["ARCHIVED", "PARKED", "STAGE_LOCKED"],
    );
  });
});

describe("allowedStages", () => {
  /** Where an active project in each stage may go, without and with a PROCEED of it. */
  const REACH = [
    { stage: 0, without: [], with: [1] },
    { stage: 1, without: [], with: [2] },
    { stage: 2, without: [1], with: [1, 3] },
    { stage: 3, without: [1, 2], with: [1, 2, 4] },
    { stage: 4, without: [1, 2, 3], with: [1, 2, 3] },
  ] as const;

  test.each(REACH)("out of stage $stage: $without, with a PROCEED $with", ({ stage, ...reach }) => {
    const names = (numbers: readonly (typeof ALL_STAGES)[number][]) =>
      numbers.map((number) => stageOf(number).name);
    const proceed = journey(stage, { decisions: [{ stage, decision: "PROCEED" }] });
    expect(allowedStages(journey(stage))).toEqual(names(reach.without));
    expect(allowedStages(proceed)).toEqual(names(reach.with));
  });

  test.each([
    { status: "PARKED" },
    { archived: true },
  ] as const)("is empty for a project with %o", (changes) => {
    expect(allowedStages(journey(4, changes))).toEqual([]);
  });
});
