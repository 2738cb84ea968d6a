import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime } from "../src/iso-time.ts";

test("a time is written as the language writes it, days after each other or not", () => {
  const EDGES = ["1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"];
  const check = (time: Date) => {
    expect(isoTime(time)).toBe(time.toISOString());
  };
  for (const edge of [...EDGES, "+010000-01-01T00:00:00.000Z", "-000001-01-01T00:00:00.000Z"]) {
    check(new Date(edge));
  }
  fc.assert(fc.property(fc.date({ noInvalidDate: true }), check), { seed: 21 });
  const near = fc.date({ min: new Date("2026-01-30"), max: new Date("2026-02-02"), noInvalidDate: true });
  fc.assert(fc.property(near, check), { seed: 22 });
  expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError);
});
