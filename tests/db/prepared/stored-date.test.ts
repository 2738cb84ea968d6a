import fc from "fast-check";
import { expect, test } from "vitest";
import { storedDate } from "../../../src/db/prepared/stored-date.ts";

const year = (from: string, to: string) =>
  fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true });

/** As PostgreSQL writes a timestamptz(3) in UTC: without zeros at the end. */
function text(time: Date, separator: string, zone: string): string {
  const [date, rest = ""] = time.toISOString().split("T");
  const clock = rest
    .slice(0, -1)
    .replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros.slice(0, -zeros.length)));
  const seconds = /^\d\d:\d\d:\d\d/.test(clock) ? clock : rest.slice(0, 8);
  return `${date}${separator}${seconds}${zone}`;
}

test("a time is read from a column's text and from JSON", () => {
  const check = (time: Date) => {
    expect(storedDate(text(time, " ", "+00"))).toEqual(time);
    expect(storedDate(text(time, "T", "+00:00"))).toEqual(time);
  };
  for (const moment of ["2026-11-28T17:20:52.120Z", "2026-11-28T17:20:50.000Z", "2026-01-01T00:00:00.001Z"]) {
    check(new Date(moment));
  }
  fc.assert(fc.property(year("0100-01-01T00:00:00Z", "9999-12-31T00:00:00Z"), check), { seed: 24 });
});

test.each([
  ["2026-11-28", "2026-11-28T00:00:00.000Z"],
  ["2026-11-28 17:20:52.12+02", "2026-11-28T15:20:52.120Z"],
  ["2026-11-28T17:20:52-05:30", "2026-11-28T22:50:52.000Z"],
  ["0099-11-28T17:20:52.1+00:00", "0099-11-28T17:20:52.100Z"],
])("%s too", (given, time) => {
  expect(storedDate(given).toISOString()).toBe(time);
});
