import { describe, expect, test } from "vitest";
import { suggestFocus } from "../../../src/domain/stage/focus.ts";
import {
  ALL_STAGES,
  everyCombination,
  journey,
  milestone,
  milestonesOf,
  pendingGate,
  risk,
  setup,
} from "../support.ts";

const SYSTEM_RISK = {
  kind: "INACTIVE",
  level: 1,
  since: new Date(0),
  message: "Nothing has happened.",
} as const;
const ASKED = { id: "escalation-1", problem: "The build does not pass." };
const FAILED = { id: "artifact-1", title: "Risk log" };
const gateAt = (id: string, openedAt: string) => pendingGate(2, { id, openedAt: new Date(openedAt) });

/** A project in stage 2 that has only what is given. */
function focusIn2(has: {
  gates?: ReturnType<typeof gateAt>[];
  asked?: typeof ASKED | null;
  failed?: (typeof FAILED)[];
  setup?: Parameters<typeof setup>[0];
  system?: (typeof SYSTEM_RISK)[];
}) {
  const project = journey(2, {
    pendingGates: has.gates ?? [],
    pendingEscalation: has.asked ?? null,
    failedArtifacts: has.failed ?? [],
    setups: { 2: setup(has.setup) },
  });
  return suggestFocus(project, 2, has.system ?? []);
}

describe("suggestFocus", () => {
  test("says in one line what others have written", () => {
    const problem = "Which\u001b[2J one?\r\n\r\nA\u202E or B";
    const focus = focusIn2({ asked: { ...ASKED, problem } });
    expect(focus?.message).toBe("Answer the agent's question: Which one? A or B");
  });

  test("goes gate, question of an agent, failed document, risk, system risk, milestone, a gate to open, over every combination of what there is", () => {
    const combinations = everyCombination({
      gate: [true, false],
      asked: [true, false],
      failed: [true, false],
      risk: [true, false],
      system: [true, false],
      milestone: [true, false],
    });
    const expected = [
      ...Array.from({ length: 32 }, () => "PENDING_GATE gate-1"),
      ...Array.from({ length: 16 }, () => "PENDING_ESCALATION escalation-1"),
      ...Array.from({ length: 8 }, () => "FAILED_ARTIFACT artifact-1"),
      ...Array.from({ length: 4 }, () => "RISK risk-1"),
      ...Array.from({ length: 2 }, () => "RISK null"),
      "MILESTONE m0",
      "OPEN_GATE null",
    ];
    const found = combinations.map((has) => {
      const focus = focusIn2({
        gates: has.gate ? [pendingGate(2)] : [],
        asked: has.asked ? ASKED : null,
        failed: has.failed ? [FAILED] : [],
        setup: {
          risks: has.risk ? [risk()] : [],
          milestones: has.milestone ? milestonesOf("10") : {},
        },
        system: has.system ? [SYSTEM_RISK] : [],
      });
      return focus && `${focus.kind} ${focus.subject}`;
    });
    expect(found).toEqual(expected);
  });

  test("takes the oldest of several pending gates", () => {
    const gates = [
      gateAt("b", "2026-01-02T00:00:00Z"),
      gateAt("c", "2026-01-01T00:00:00Z"),
      gateAt("a", "2026-01-03T00:00:00Z"),
    ];
    expect(focusIn2({ gates })?.subject).toBe("c");
  });

  test("takes gates that were opened at once by their ids, whatever their order", () => {
    const gates = [gateAt("b", "2026-01-01T00:00:00Z"), gateAt("a", "2026-01-01T00:00:00Z")];
    expect(focusIn2({ gates })?.subject).toBe("a");
    expect(focusIn2({ gates: gates.toReversed() })?.subject).toBe("a");
  });

  test("takes the first of several documents that could not be written, whatever the stage", () => {
    const failedArtifacts = [{ id: "b", title: "Product brief" }, FAILED];
    for (const stage of ALL_STAGES) {
      expect(suggestFocus(journey(stage, { failedArtifacts }), stage, [])).toMatchObject({
        stage,
        subject: "b",
      });
    }
  });

  test("passes over the gates, risks and milestones of other stages", () => {
    const busy = setup({ risks: [risk()], milestones: milestonesOf("10") });
    const project = journey(3, { pendingGates: [pendingGate(3)], setups: { 3: busy } });
    expect(suggestFocus(project, 2, [])).toBeNull();
  });

  test("takes the first risk that is not dismissed, blocking or not", () => {
    const risks = [
      risk({ id: "dismissed", dismissed: true }),
      risk({ id: "mild", blocking: false }),
      risk({ id: "blocking" }),
    ];
    expect(focusIn2({ setup: { risks } })?.subject).toBe("mild");
  });

  test("takes the first system risk", () => {
    const system = [SYSTEM_RISK, { ...SYSTEM_RISK, message: "Another." } as unknown as typeof SYSTEM_RISK];
    expect(focusIn2({ system })).toMatchObject({ kind: "RISK", message: "Nothing has happened." });
  });

  test("takes the first open milestone by its place, not by its key or its place in the database", () => {
    const milestones = {
      alpha: milestone({ position: 3 }),
      late: milestone({ position: 2 }),
      done: milestone({ position: 0, completed: true }),
      zeta: milestone({ position: 1 }),
    };
    expect(focusIn2({ setup: { milestones } })?.subject).toBe("zeta");
  });

  test("suggests to open a gate once everything else in the stage is done", () => {
    const done = { milestones: milestonesOf("10+"), risks: [risk({ dismissed: true })] };
    expect(focusIn2({ setup: done })).toMatchObject({ kind: "OPEN_GATE", stage: 2, subject: null });
  });

  test("finds a pending gate in the pre-stage, which has no setup, and suggests to open one where there is none", () => {
    const project = journey(0, { pendingGates: [pendingGate(0)] });
    expect(suggestFocus(project, 0, [])).toMatchObject({ kind: "PENDING_GATE", stage: 0 });
    expect(suggestFocus(journey(0), 0, [])).toEqual({
      kind: "OPEN_GATE",
      stage: 0,
      subject: null,
      message: "Open a gate: its decision PROCEED leads on to “Thesis defined”.",
    });
  });

  test("suggests to open a gate where the next milestone is its decision, in the stage that the project is in", () => {
    const milestones = {
      gate_proceed: milestone({ position: 0, title: "Gate proceed" }),
      later: milestone({ position: 1 }),
    };
    const setups = { 2: setup({ milestones }), 4: setup({ milestones }) };
    expect(suggestFocus(journey(2, { setups }), 2, [])?.kind).toBe("OPEN_GATE");
    expect(suggestFocus(journey(4, { setups }), 4, [])).toMatchObject({
      kind: "OPEN_GATE",
      message: "Open a gate: its decision PROCEED completes the stage.",
    });
    expect(suggestFocus(journey(1, { setups }), 2, [])).toMatchObject({ kind: "MILESTONE" });
  });

  test("suggests to move on where a PROCEED is in force", () => {
    const decisions = [{ stage: 2, decision: "PROCEED" } as const];
    expect(suggestFocus(journey(2, { decisions }), 2, [])).toMatchObject({
      kind: "TRANSITION",
      message: "Move on to the stage “MVP built”.",
    });
  });

  test("is never null in the project's own stage, but for an archived project and the complete last stage", () => {
    const combinations = everyCombination({
      stage: ALL_STAGES,
      status: ["ACTIVE", "PARKED"] as const,
      archived: [true, false],
      gate: [true, false],
      milestone: [true, false],
    });
    for (const { stage, status, archived, gate, milestone } of combinations) {
      const project = journey(stage, {
        status,
        archived,
        pendingGates: gate ? [pendingGate(stage)] : [],
        setups: { [stage]: setup({ milestones: milestone ? milestonesOf("10") : {} }) },
      });
      const isOver = stage >= 4 && status === "ACTIVE" && !gate && !milestone;
      const focus = suggestFocus(project, stage, []);
      expect(focus === null, JSON.stringify(project)).toBe(archived || isOver);
    }
  });

  test("suggests to unpark a parked project in which nothing else is to be done", () => {
    const parked = { status: "PARKED", pendingGates: [pendingGate(2)] } as const;
    expect(suggestFocus(journey(2, parked), 2, [])).toMatchObject({ kind: "UNPARK", stage: 2 });
  });

  test.each([
    ["a gate", { gates: [pendingGate(2)] }, "Decide the pending stage_advance gate."],
    [
      "a failed document",
      { failed: [FAILED] },
      "The document “Risk log” could not be written: have it written again.",
    ],
    ["a risk", { setup: { risks: [risk()] } }, "Deal with a risk: Nobody may want it."],
    ["a milestone", { setup: { milestones: milestonesOf("1") } }, "Reach the next milestone: A milestone."],
  ])("says in words what to do about %s", (_, has, message) => {
    expect(focusIn2(has)).toMatchObject({ stage: 2, message });
  });

  test("leaves the gates of a parked project alone, and an archived project altogether", () => {
    const has = { pendingGates: [pendingGate(2)], setups: { 2: setup({ risks: [risk()] }) } };
    expect(suggestFocus(journey(2, { ...has, status: "PARKED" }), 2, [])).toMatchObject({ kind: "RISK" });
    const failed = { ...has, failedArtifacts: [FAILED] };
    expect(suggestFocus(journey(2, { ...failed, status: "PARKED" }), 2, [])?.kind).toBe("FAILED_ARTIFACT");
    expect(suggestFocus(journey(2, { ...failed, archived: true }), 2, [SYSTEM_RISK])).toBeNull();
  });
});
