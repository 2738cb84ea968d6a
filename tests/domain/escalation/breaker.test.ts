import { expect, test } from "vitest";
import { BREAKER_THRESHOLD, judgeFailure } from "../../../src/domain/escalation/breaker.ts";

test("asks at the third failure", () => {
  expect(BREAKER_THRESHOLD).toBe(3);
  expect([1, 2, 3, 4].map((failures) => judgeFailure({ failures, open: null }))).toEqual([
    "RETRY",
    "RETRY",
    "OPEN",
    "OPEN",
  ]);
});

test.for([
  1, 2, 3, 4,
])("the %s. failure joins the question that is open, and asks anew when it was to try", (failures) => {
  expect(judgeFailure({ failures, open: { triesFirst: false } })).toBe("JOIN");
  expect(judgeFailure({ failures, open: { triesFirst: true } })).toBe("REOPEN");
});
