import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ValidationError } from "../../src/domain/errors.ts";
import { parseAt, parseInput } from "../../src/domain/parse.ts";

const schema = z.strictObject({
  title: z.string().trim().min(1, "must not be empty"),
  items: z.array(z.object({ weight: z.number().max(10, "must be at most 10") })),
});
const VALID = { title: "ours", items: [{ weight: 3 }] };

/** What it throws: only a ValidationError is asked for its issues. */
function issuesOf(parse: () => unknown): unknown {
  try {
    return { returned: parse() };
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
}

describe.each([
  { name: "parseInput", parse: (value: unknown) => parseInput(schema, value), place: (path: string) => path },
  {
    name: "parseAt",
    parse: (value: unknown) => parseAt("content", schema, value),
    place: (path: string) => (path === "" ? "content" : `content.${path}`),
  },
])("$name", ({ parse, place }) => {
  test("returns what the schema makes of the input", () => {
    expect(parse({ ...VALID, title: "  ours " })).toEqual(VALID);
  });

  test.each([
    ["of the whole", null, ""],
    ["of a field", { ...VALID, title: " " }, "title"],
    ["of a field that is missing", { items: [] }, "title"],
    ["in a list", { ...VALID, items: [{ weight: 1 }, { weight: 11 }] }, "items.1.weight"],
    ["of a field that there is not", { ...VALID, more: 1 }, ""],
  ])("names the place %s", (_, value, path) => {
    expect(issuesOf(() => parse(value))).toEqual([{ path: place(path), message: expect.any(String) }]);
  });

  test("names everything that is wrong", () => {
    expect(issuesOf(() => parse({ title: "", items: [{ weight: 11 }] }))).toEqual([
      { path: place("title"), message: "must not be empty" },
      { path: place("items.0.weight"), message: "must be at most 10" },
    ]);
  });
});

test("parseAt says the field once where its value is no object at all", () => {
  expect(() => parseAt("content", z.string().min(3, "must be longer"), "ab")).toThrow(
    new ValidationError([{ path: "content", message: "must be longer" }]),
  );
});
