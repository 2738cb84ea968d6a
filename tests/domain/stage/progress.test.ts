import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeMilestone } from "../../../src/domain/stage/milestone.ts";
import {
  computeGlobalProgress,
  computeStageProgress,
  totalWeight,
} from "../../../src/domain/stage/progress.ts";
import { getStageTemplate } from "../../../src/domain/stage/template.ts";
import { milestonesFrom, milestonesOf } from "../support.ts";

const milestonesArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.boolean()), { maxLength: 12 })
  .map(milestonesFrom);
const stagesArbitrary = fc.array(milestonesArbitrary, { maxLength: 5 });
const AT = new Date("2026-02-01T00:00:00Z");

describe("computeStageProgress", () => {
  test.each([
    ["an empty stage", "", 0],
    ["one open milestone", "40", 0],
    ["one completed milestone", "40+", 100],
    ["the brief of the first stage", "40+ 30 30", 40],
    ["a third, rounded down", "1+ 1 1", 33],
    ["two thirds, rounded down", "1+ 1+ 1", 66],
    ["all but a thousandth, which is not all", "1000+ 1", 99],
    ["a hair above nothing", "1+ 1000", 0],
    ["only milestones without weight", "0+ 0+", 0],
    ["a completed milestone without weight", "0+ 10", 0],
    ["an open milestone without weight", "0 10+", 100],
    ["29 of 50, where 29 / 50 × 100 in binary fractions falls short", "29+ 21", 58],
  ])("%s (%s) → %i", (_, weights, percent) => {
    expect(computeStageProgress(milestonesOf(weights))).toBe(percent);
  });

  test("is the largest whole percent that the completed weight reaches", () => {
    fc.assert(
      fc.property(milestonesArbitrary, (milestones) => {
        const percent = computeStageProgress(milestones);
        const open = Object.values(milestones).filter(({ completed }) => !completed);
        const total = totalWeight(milestones);
        fc.pre(total > 0);
        const done = total - open.reduce((sum, { weight }) => sum + weight, 0);
        expect(percent * total).toBeLessThanOrEqual(100 * done);
        expect((percent + 1) * total).toBeGreaterThan(100 * done);
      }),
    );
  });

  test("never falls when a milestone completes", () => {
    fc.assert(
      fc.property(milestonesArbitrary, (milestones) => {
        for (const key of Object.keys(milestones)) {
          const after = computeStageProgress(completeMilestone(milestones, key, AT));
          expect(after).toBeGreaterThanOrEqual(computeStageProgress(milestones));
        }
      }),
    );
  });
});

describe("computeGlobalProgress", () => {
  test.each([
    ["no stage", [], 0],
    ["stages without weight", ["", "0+"], 0],
    ["everything done", ["40+", "60+"], 100],
    ["equal stages, one done", ["10+", "10"], 50],
    ["a heavy stage, which counts more", ["300+", "100"], 75],
    ["an empty stage, which counts for nothing", ["10+", ""], 100],
    ["a third, rounded down", ["1+", "2"], 33],
    ["the average of 66 % and 33 %: of what the stages show", ["2+ 1", "1+ 2"], 49],
    ["nearly everything", ["1000+", "1"], 99],
  ])("%s (%j) → %i", (_, stages, percent) => {
    expect(computeGlobalProgress(stages.map(milestonesOf))).toBe(percent);
  });

  test("is 10 % once the brief of a project with the standard stages is there", () => {
    const stages = [1, 2, 3, 4, 5].map(getStageTemplate);
    const [first = {}, ...rest] = stages;
    expect(computeGlobalProgress(stages)).toBe(0);
    expect(computeGlobalProgress([completeMilestone(first, "brief_generated", AT), ...rest])).toBe(10);
  });

  test("stays between 0 and 100, and is 100 exactly when every milestone with a weight is completed", () => {
    fc.assert(
      fc.property(stagesArbitrary, (stages) => {
        const percent = computeGlobalProgress(stages);
        const weighty = stages.flatMap((stage) => Object.values(stage)).filter(({ weight }) => weight > 0);
        expect(Number.isInteger(percent)).toBe(true);
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(percent).toBeLessThanOrEqual(100);
        expect(percent === 100).toBe(weighty.length > 0 && weighty.every(({ completed }) => completed));
      }),
    );
  });

  test("lies between the least and the most advanced stage that weigh something", () => {
    fc.assert(
      fc.property(stagesArbitrary, (stages) => {
        const percents = stages.filter((stage) => totalWeight(stage) > 0).map(computeStageProgress);
        fc.pre(percents.length > 0);
        expect(computeGlobalProgress(stages)).toBeGreaterThanOrEqual(Math.min(...percents));
        expect(computeGlobalProgress(stages)).toBeLessThanOrEqual(Math.max(...percents));
      }),
    );
  });

  test("never falls when a milestone of any stage completes", () => {
    fc.assert(
      fc.property(stagesArbitrary, (stages) => {
        const before = computeGlobalProgress(stages);
        for (const [index, stage] of stages.entries()) {
          for (const key of Object.keys(stage)) {
            const after = stages.with(index, completeMilestone(stage, key, AT));
            expect(computeGlobalProgress(after)).toBeGreaterThanOrEqual(before);
          }
        }
      }),
    );
  });
});

describe("totalWeight", () => {
  test("counts open and completed milestones alike", () => {
    expect(totalWeight(milestonesOf("40+ 0 1000"))).toBe(1040);
  });
});
