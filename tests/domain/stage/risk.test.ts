import { describe, expect, test } from "vitest";
import { openRisks, RISK_TYPE } from "../../../src/domain/stage/risk.ts";
import { risk } from "../support.ts";

describe("openRisks", () => {
  test("leaves out the dismissed ones and keeps the order of the others", () => {
    const first = risk({ id: "first", blocking: false });
    const last = risk({ id: "last" });
    expect(openRisks([first, risk({ id: "gone", dismissed: true }), last])).toEqual([first, last]);
  });
});

describe("a risk's type", () => {
  test.each(["market", "tech_2", "x".repeat(50)])("may be %s", (type) => {
    expect(type).toMatch(RISK_TYPE);
  });

  test.each(["", "Market", "2nd", "_x", "a b", "a\n", "a\u0000", "x".repeat(51)])("may not be %j", (type) => {
    expect(type).not.toMatch(RISK_TYPE);
  });
});
