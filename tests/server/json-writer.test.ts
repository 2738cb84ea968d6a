import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonWriter } from "../../src/server/quick/json-writer.ts";

function written(value: unknown, bytes: number): string {
  const writer = new JsonWriter(Buffer.alloc(bytes));
  writer.write(value);
  return writer.written.toString("utf8");
}

test("a value is written as JSON.stringify writes it, however small the buffer was", () => {
  const check = (value: unknown) => {
    const expected = JSON.stringify(value);
    // Half of a surrogate pair has no UTF-8 of its own, and JSON writes it as an escape.
    expect(written(value, 1)).toBe(expected);
    expect(written(value, 64 * 1024)).toBe(expected);
  };
  for (const value of [
    null,
    "",
    [],
    {},
    [[]],
    [null],
    { a: undefined, b: [{}] },
    "\ud800",
    "é\u0000\u2028",
    { '"': 1e21 },
  ]) {
    check(value);
  }
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }), check), {
    seed: 23,
    numRuns: 500,
  });
});

test("what a buffer held before is not seen", () => {
  const buffer = Buffer.from("x".repeat(100));
  const writer = new JsonWriter(buffer);
  writer.write({ data: null });
  expect(writer.written.toString()).toBe('{"data":null}');
  expect(writer.buffer).toBe(buffer);
});
