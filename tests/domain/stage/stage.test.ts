import { describe, expect, test } from "vitest";
import { STAGES, stageOf, toStageNumber } from "../../../src/domain/stage/stage.ts";
import { ALL_STAGES } from "../support.ts";

describe("the stages", () => {
  test("are the design's six, by number", () => {
    expect(STAGES.map(({ number, name }) => [number, name])).toEqual([
      [0, "PRE_STAGE"],
      [1, "THESIS_DEFINED"],
      [2, "VALIDATED_DIRECTION"],
      [3, "MVP_BUILT"],
      [4, "FEEDBACK_LOOP_ACTIVE"],
      [5, "SCALE_AND_OPTIMIZE"],
    ]);
  });

  test("are all open but the last", () => {
    expect(ALL_STAGES.filter((number) => stageOf(number).locked)).toEqual([5]);
  });
});

describe("toStageNumber", () => {
  test("reads the null of a column as the pre-stage", () => {
    expect(toStageNumber(null)).toBe(0);
  });

  test.each([1, 2, 3, 4, 5])("takes stage %i as it is", (number) => {
    expect(toStageNumber(number)).toBe(number);
  });

  test.each([-1, 6, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", (number) => {
    expect(() => toStageNumber(number)).toThrow(RangeError);
  });
});
