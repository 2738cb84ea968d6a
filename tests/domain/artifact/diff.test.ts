import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredContent } from "../../../src/domain/artifact/content.ts";
import { changesBetween, type SectionChange } from "../../../src/domain/artifact/diff.ts";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import type { JsonValue } from "../../../src/domain/event/event.ts";

const feature = (name: string, description = `What ${name} does for our users.`, priority = "HIGH") => ({
  name,
  description,
  priority,
});

/** What became of a list of the MVP scope: "CHANGED Login (name)". */
function items(section: string, before: JsonValue, after: JsonValue): string[] {
  const [change] = changesBetween(DOCUMENTS.MVP_SCOPE, { [section]: before }, { [section]: after });
  return (change?.items ?? []).map(({ kind, label, fields }) =>
    [kind, label, ...(fields.length ? [`(${fields.join(", ")})`] : [])].join(" "),
  );
}
const features = (before: JsonValue, after: JsonValue) => items("coreFeatures", before, after);
const texts = (before: string, after: string) =>
  items("outOfScope", before.split(" ").filter(Boolean), after.split(" ").filter(Boolean));

describe("changesBetween", () => {
  test("tells sections that came, went and changed, in the order of the definition", () => {
    const before: StoredContent = {
      valueProposition: "Old",
      problemStatement: "Same",
      keyConstraint: "Gone",
    };
    const after: StoredContent = { targetUser: "New", valueProposition: "Other", problemStatement: "Same" };
    expect(changesBetween(DOCUMENTS.BRIEF, before, after)).toEqual([
      { section: "targetUser", title: "Target user", kind: "ADDED", before: null, after: "New", items: [] },
      {
        section: "valueProposition",
        title: "Value proposition",
        kind: "CHANGED",
        before: "Old",
        after: "Other",
        items: [],
      },
      {
        section: "keyConstraint",
        title: "Key constraint",
        kind: "REMOVED",
        before: "Gone",
        after: null,
        items: [],
      },
    ]);
  });

  test("shows nothing that is no section of the definition", () => {
    const before = { _schema_version: 1, secret: "a", toString: "b" };
    expect(changesBetween(DOCUMENTS.BRIEF, before, { _schema_version: 2, secret: "c" })).toEqual([]);
  });

  test("takes objects with their keys in another order as equal", () => {
    const { name, description, priority } = feature("Login");
    expect(features([{ name, description, priority }], [{ priority, description, name }])).toEqual([]);
  });

  test("lists every item of a list that came or went", () => {
    const list = { coreFeatures: [feature("A"), feature("B")] };
    const kinds = ([change]: SectionChange[]) => [change?.kind, change?.items.map(({ kind }) => kind)];
    expect(kinds(changesBetween(DOCUMENTS.MVP_SCOPE, {}, list))).toEqual(["ADDED", ["ADDED", "ADDED"]]);
    expect(kinds(changesBetween(DOCUMENTS.MVP_SCOPE, list, {}))).toEqual(["REMOVED", ["REMOVED", "REMOVED"]]);
  });

  test("compares content of an older shape as a whole", () => {
    const [change] = changesBetween(
      DOCUMENTS.MVP_SCOPE,
      { outOfScope: "Payments" },
      { outOfScope: ["Payments"] },
    );
    expect(change).toMatchObject({ kind: "CHANGED", before: "Payments", after: ["Payments"], items: [] });
  });

  test("says where an item stood and stands", () => {
    const [change] = changesBetween(
      DOCUMENTS.MVP_SCOPE,
      { outOfScope: ["a", "b"] },
      { outOfScope: ["x", "a", "b"] },
    );
    expect(change?.items).toEqual([
      { kind: "ADDED", label: "x", fields: [], beforeIndex: null, afterIndex: 0 },
    ]);
  });
});

describe("objects", () => {
  test("of the same label are the same, however much else differs", () => {
    expect(features([feature("Login")], [feature("Login", "Nothing in common", "LOW")])).toEqual([
      "CHANGED Login (description, priority)",
    ]);
  });

  test("are renamed, not replaced, when the other fields are equal", () => {
    expect(features([feature("Login", "Sign in")], [feature("Access", "Sign in")])).toEqual([
      "CHANGED Access (name)",
    ]);
  });

  test("are renamed when the text is nearly the same", () => {
    const before = feature("Stock list", "Shop owners see at a glance what is left on every shelf.");
    const after = feature("Inventory", "Shop owners see at a glance what is left on each shelf.", "LOW");
    expect(features([before], [after])).toEqual(["CHANGED Inventory (name, description, priority)"]);
  });

  test("are replaced when only a choice is equal", () => {
    expect(features([feature("Login", "Sign in")], [feature("Export", "Spreadsheets")])).toEqual([
      "REMOVED Login",
      "ADDED Export",
    ]);
  });

  test("keep their names when the renamed one takes the place of another", () => {
    const before = [feature("A", "first"), feature("B", "second")];
    const after = [feature("B", "second"), feature("C", "first")];
    expect(features(before, after)).toEqual(["CHANGED C (name)"]);
  });

  test("with the same label twice are each matched once", () => {
    const before = [feature("Login", "one"), feature("Login", "two")];
    expect(features(before, [...before, feature("Login", "three")])).toEqual(["ADDED Login"]);
    expect(features(before, [feature("Login", "two")])).toEqual(["REMOVED Login"]);
    expect(features(before, [feature("Login", "one"), feature("Login", "2")])).toEqual([
      "CHANGED Login (description)",
    ]);
  });

  test("that only changed their place are moved", () => {
    const [a, b, c] = [feature("A"), feature("B"), feature("C")];
    expect(features([a, b, c], [c, a, b])).toEqual(["MOVED C"]);
  });
});

describe("texts", () => {
  test.each([
    ["a b c", "a B c", ["CHANGED B"]],
    ["a b c", "a c d", ["REMOVED b", "ADDED d"]],
    ["a b c", "x a b c", ["ADDED x"]],
    ["a b c", "c a b", ["MOVED c"]],
    ["a b", "x y", ["CHANGED x", "CHANGED y"]],
    ["a a a", "a a", ["REMOVED a"]],
    ["a b", "a a b", ["ADDED a"]],
    ["a b c d", "b x d", ["REMOVED a", "CHANGED x"]],
  ])("%s → %s", (before, after, expected) => {
    expect(texts(before, after)).toEqual(expected);
  });
});

describe("whatever the contents", () => {
  // Few words, so that labels repeat and items resemble each other.
  const word = fc.constantFrom("stock", "shelf", "owner", "list", "sale");
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  const item = fc.record({ name: word, description: text, priority: fc.constantFrom("HIGH", "LOW") });
  const content: fc.Arbitrary<StoredContent> = fc.record(
    {
      coreFeatures: fc.array(item, { maxLength: 7 }),
      outOfScope: fc.array(word, { maxLength: 7 }),
      successMetrics: fc.array(text, { maxLength: 7 }),
      technicalArchitecture: text,
    },
    { requiredKeys: [] },
  );
  const changes = (before: StoredContent, after: StoredContent) =>
    changesBetween(DOCUMENTS.MVP_SCOPE, before, after);
  const count = ({ items }: SectionChange, kind: string) => items.filter((item) => item.kind === kind).length;
  const size = (value: JsonValue) => (Array.isArray(value) ? value.length : 0);

  test("equal ones have no changes", () => {
    fc.assert(
      fc.property(content, (one) => {
        expect(changes(one, structuredClone(one))).toEqual([]);
      }),
    );
  });

  test("the items that came and went make up the difference in number", () => {
    fc.assert(
      fc.property(content, content, (before, after) => {
        for (const change of changes(before, after)) {
          expect(size(change.before) + count(change, "ADDED") - count(change, "REMOVED")).toBe(
            size(change.after),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("every place is told of at most once, and what is not told of is equal", () => {
    fc.assert(
      fc.property(content, content, (before, after) => {
        for (const change of changes(before, after)) {
          const rest = (value: JsonValue, told: (number | null)[]) => {
            expect(new Set(told).size).toBe(told.length);
            return Array.isArray(value) ? value.filter((_, index) => !told.includes(index)) : [];
          };
          const places = (of: "beforeIndex" | "afterIndex") =>
            change.items.map((item) => item[of]).filter((index) => index !== null);
          expect(rest(change.before, places("beforeIndex"))).toEqual(
            rest(change.after, places("afterIndex")),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("swapping them swaps what came and what went", () => {
    const swapped: Record<string, string> = { ADDED: "REMOVED", REMOVED: "ADDED" };
    const kinds = (all: SectionChange[], rename: (kind: string) => string) =>
      all.map(({ section, kind, items }) => [
        section,
        rename(kind),
        items.map((item) => rename(item.kind)).sort(),
      ]);
    fc.assert(
      fc.property(content, content, (before, after) => {
        expect(kinds(changes(after, before), (kind) => kind)).toEqual(
          kinds(changes(before, after), (kind) => swapped[kind] ?? kind),
        );
      }),
      { numRuns: 500 },
    );
  });
});
