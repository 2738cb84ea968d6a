import { describe, expect, test } from "vitest";
import { findTransition, STAGE_MACHINE, stageMachineDiagram } from "../../../src/domain/stage/machine.ts";
import { STAGES } from "../../../src/domain/stage/stage.ts";
import { validateTransition } from "../../../src/domain/stage/transition.ts";
import { ALL_STAGES, everyCombination } from "../support.ts";

/** F: one stage forward; B: back; "-": no such move. */
const TABLE = ["-F----", "--F---", "-B-F--", "-BB-F-", "-BBB--", "-BBBB-"] as const;
const KINDS: Record<string, string> = { F: "FORWARD", B: "BACKWARD" };

const PAIRS = everyCombination({ from: ALL_STAGES, to: ALL_STAGES });

describe("the stage machine", () => {
  test("holds exactly the moves of the design, each once", () => {
    const expected = PAIRS.flatMap(({ from, to }) => {
      const kind = KINDS[TABLE[from].charAt(to)];
      return kind ? [`${from} ${to} ${kind}`] : [];
    });
    expect(expected).toHaveLength(14);
    expect(STAGE_MACHINE.map(({ from, to, kind }) => `${from} ${to} ${kind}`).toSorted()).toEqual(
      expected.toSorted(),
    );
  });

  test("has no move into the pre-stage or the locked stage", () => {
    expect(STAGE_MACHINE.filter(({ to }) => to === 0 || to === 5)).toEqual([]);
  });

  test("agrees with the guard about every move", () => {
    const open = PAIRS.filter(
      ({ from, to }) =>
        validateTransition(from, to, "ACTIVE", [{ stage: from, decision: "PROCEED" }]).length === 0,
    );
    expect(open).toEqual(PAIRS.filter(({ from, to }) => TABLE[from].charAt(to) !== "-"));
  });

  test("finds each move by its ends, and nothing for any other pair", () => {
    expect(PAIRS.map(({ from, to }) => findTransition(from, to)?.kind)).toEqual(
      PAIRS.map(({ from, to }) => KINDS[TABLE[from].charAt(to)]),
    );
  });
});

describe("the Mermaid diagram", () => {
  const lines = stageMachineDiagram().split("\n");

  test("is a state diagram that starts in the pre-stage", () => {
    expect(lines[0]).toBe("stateDiagram-v2");
    expect(lines).toContain("  [*] --> PRE_STAGE");
  });

  test("holds every move, and no other", () => {
    const moves = lines.filter((line) => /^ {2}[A-Z_]+ --> /.test(line));
    expect(moves).toContain("  THESIS_DEFINED --> VALIDATED_DIRECTION: forward");
    expect(moves).toContain("  FEEDBACK_LOOP_ACTIVE --> THESIS_DEFINED: backward");
    expect(moves.toSorted()).toEqual(
      STAGE_MACHINE.map(
        ({ from, to, kind }) => `  ${STAGES[from].name} --> ${STAGES[to].name}: ${kind.toLowerCase()}`,
      ).toSorted(),
    );
  });

  test("shows every stage with its title, the locked one too", () => {
    expect(lines.filter((line) => line.startsWith("  state "))).toEqual([
      '  state "Pre-stage" as PRE_STAGE',
      '  state "Thesis defined" as THESIS_DEFINED',
      '  state "Validated direction" as VALIDATED_DIRECTION',
      '  state "MVP built" as MVP_BUILT',
      '  state "Feedback loop active" as FEEDBACK_LOOP_ACTIVE',
      '  state "Scale and optimize" as SCALE_AND_OPTIMIZE',
    ]);
  });
});
