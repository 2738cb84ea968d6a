import { describe, expect, test } from "vitest";
import { listMilestones, milestonesSchema } from "../../../src/domain/stage/milestone.ts";
import { getStageTemplate } from "../../../src/domain/stage/template.ts";

/** The brief's keys and weights, in its order. */
const BRIEF = {
  1: ["brief_generated 40", "gate_proceed 30", "risks_identified 30"],
  2: ["direction_chosen 25", "validation_complete 35", "scope_narrowed 20", "gate_proceed 20"],
  3: ["build_started 15", "build_complete 35", "tests_passing 20", "preview_live 30"],
  4: ["feedback_collected 30", "iteration_planned 25", "iteration_shipped 25", "gate_proceed 20"],
  5: [],
} as const;

describe("getStageTemplate", () => {
  test.each([
    1, 2, 3, 4, 5,
  ] as const)("gives stage %i the brief's milestones and weights, in order", (stage) => {
    const milestones = listMilestones(getStageTemplate(stage));
    expect(milestones.map(({ key, weight }) => `${key} ${weight}`)).toEqual(BRIEF[stage]);
  });

  test.each([
    1, 2, 3, 4,
  ] as const)("marks every milestone of stage %i as open and the template's", (stage) => {
    const template = getStageTemplate(stage);
    expect(milestonesSchema.parse(template)).toEqual(template);
    expect(Object.values(template)).not.toHaveLength(0);
    for (const milestone of Object.values(template)) {
      expect(milestone).toMatchObject({ completed: false, completedAt: null, template: true });
    }
  });

  test("gives the milestones titles that people can read", () => {
    expect(getStageTemplate(1)).toHaveProperty("brief_generated.title", "Brief generated");
  });

  test.each([
    1, 2, 3, 4,
  ] as const)("makes a deep copy of stage %i: changing one changes no other", (stage) => {
    const pristine = structuredClone(getStageTemplate(stage));
    const spoilt = getStageTemplate(stage) as Record<string, { weight: number; completed: boolean }>;
    for (const milestone of Object.values(spoilt)) {
      milestone.weight = 999;
      milestone.completed = true;
    }
    spoilt.intruder = { weight: 1, completed: true };
    expect(spoilt).not.toEqual(pristine);
    expect(getStageTemplate(stage)).toEqual(pristine);
  });

  test("makes a copy of the empty stage too", () => {
    Object.assign(getStageTemplate(5), { intruder: true });
    expect(getStageTemplate(5)).toEqual({});
  });

  test.each([0, 6, -1, 1.5, Number.NaN])("has no template for stage %d", (stage) => {
    expect(() => getStageTemplate(stage)).toThrow(RangeError);
  });
});
