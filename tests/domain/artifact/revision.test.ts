import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { edited, generated, type Revision, reverted } from "../../../src/domain/artifact/revision.ts";
import type { Source } from "../../../src/domain/artifact/sources.ts";

const AT = new Date("2026-01-05T09:00:00.000Z");
const source = (version: number): Source => ({ type: "BRIEF", section: "targetUser", version, hash: "h" });

function revision(changes: Partial<Revision> = {}): Revision {
  return {
    content: { _schema_version: 1, a: "first a", b: "first b" },
    version: 1,
    editedSections: [],
    sources: { a: [source(1)], b: [source(1)] },
    model: "offline",
    generatedAt: AT,
    ...changes,
  };
}

const draft = {
  content: { _schema_version: 1, a: "second a", b: "second b" },
  sources: { a: [source(2)], b: [] },
  model: "claude",
  generatedAt: new Date("2026-01-06T09:00:00.000Z"),
};

describe("generated", () => {
  test("makes version 1 of a document that has never been written, with nothing before it", () => {
    expect(generated({ current: null, previous: null }, draft)).toEqual({
      current: { ...draft, version: 1, editedSections: [] },
      previous: null,
    });
  });

  test("keeps what the document said, edits included, and lets go of what it said before", () => {
    const current = revision({ version: 7, editedSections: ["b"] });
    expect(generated({ current, previous: revision({ version: 6 }) }, draft)).toEqual({
      current: { ...draft, version: 8, editedSections: [] },
      previous: current,
    });
  });
});

describe("edited", () => {
  test("changes one section, counts one version and names the section as edited", () => {
    const current = revision({ version: 3 });
    expect(edited(current, null, "a", "my a", [source(4)]).current).toEqual({
      ...current,
      content: { _schema_version: 1, a: "my a", b: "first b" },
      version: 4,
      editedSections: ["a"],
      sources: { a: [source(4)], b: [source(1)] },
    });
  });

  test.each([
    ["the first time keeps what the model wrote", [], "current"],
    ["again leaves what is kept alone", ["b"], "previous"],
    ["again in the same section leaves what is kept alone", ["a"], "previous"],
  ] as const)("%s", (_, editedSections, kept) => {
    const current = revision({ version: 5, editedSections });
    const previous = revision({ version: 2 });
    expect(edited(current, previous, "a", "my a", []).previous).toBe({ current, previous }[kept]);
  });

  test("of an edited version that a revert has brought back keeps that version", () => {
    const current = revision({ version: 5, editedSections: ["b"] });
    const previous = revision({ version: 4, model: "newer" });
    expect(edited(current, previous, "a", "my a", []).previous).toBe(current);
  });

  test("names a section once, however often it is edited, in the order of the first edits", () => {
    let now = revision();
    for (const section of ["b", "a", "b", "a"]) now = edited(now, null, section, "mine", []).current;
    expect(now.editedSections).toEqual(["b", "a"]);
    expect(now.version).toBe(5);
  });

  test("counts a version also when the section says the same as before", () => {
    expect(edited(revision(), null, "a", "first a", [])).toMatchObject({
      current: { version: 2, editedSections: ["a"] },
    });
  });

  test("adds a section that came to its document later, made from nothing", () => {
    const { current } = edited(revision(), null, "c", ["new"], []);
    expect(current.content).toEqual({ ...revision().content, c: ["new"] });
    expect(current.sources).toEqual({ ...revision().sources, c: [] });
  });
});

describe("reverted", () => {
  const current = revision({ version: 9, editedSections: ["a"], model: "claude" });
  const previous = revision({ version: 5, content: { a: "older" }, generatedAt: new Date(0), sources: {} });

  test("makes the previous version the present one, with a number of its own, and the other way round", () => {
    expect(reverted(current, previous)).toEqual({ current: { ...previous, version: 10 }, previous: current });
  });

  test("done twice changes nothing but the numbers", () => {
    const once = reverted(current, previous);
    const twice = reverted(once.current, once.previous);
    expect(twice).toEqual({ current: { ...current, version: 11 }, previous: { ...previous, version: 10 } });
  });
});

test("none of them changes what it was given", () => {
  const current = revision({ editedSections: ["a"] });
  const previous = revision({ version: 0, content: { a: "older" } });
  const before = structuredClone({ current, previous });
  generated({ current, previous }, draft);
  edited(current, previous, "b", "mine", [source(2)]);
  reverted(current, previous);
  expect({ current, previous }).toEqual(before);
});

/** What a person would tell of the document: texts, who wrote them, and nothing of how it is done. */
interface Told {
  readonly texts: Readonly<Record<string, string>>;
  readonly mine: readonly string[];
}
interface Model {
  now: Told | null;
  before: Told | null;
  changes: number;
}
interface Real {
  current: Revision | null;
  previous: Revision | null;
}

const tell = (of: Revision | null): Told | null =>
  of && { texts: of.content as Told["texts"], mine: of.editedSections };

function compare(model: Model, real: Real): void {
  expect(tell(real.current)).toEqual(model.now);
  expect(tell(real.previous)).toEqual(model.before);
  expect(real.current?.version ?? 0).toBe(model.changes);
  expect(real.previous?.version ?? 0).toBeLessThan(model.changes);
}

class Generate implements fc.Command<Model, Real> {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, real: Real): void {
    const texts = { a: this.#text, b: this.#text };
    Object.assign(real, generated(real, { ...draft, content: texts }));
    Object.assign(model, { now: { texts, mine: [] }, before: model.now, changes: model.changes + 1 });
    compare(model, real);
  }
  toString(): string {
    return `generate ${this.#text}`;
  }
}

class Edit implements fc.Command<Model, Real> {
  readonly #section: string;
  readonly #text: string;
  constructor(section: string, text: string) {
    this.#section = section;
    this.#text = text;
  }
  check({ now }: Readonly<Model>): boolean {
    return now !== null;
  }
  run(model: Model, real: Real): void {
    const { current, previous } = real;
    if (!current || !model.now) throw new Error("There is nothing to edit");
    Object.assign(real, edited(current, previous, this.#section, this.#text, []));
    const { texts, mine } = model.now;
    if (mine.length === 0) model.before = model.now;
    model.now = {
      texts: { ...texts, [this.#section]: this.#text },
      mine: [...new Set([...mine, this.#section])],
    };
    model.changes += 1;
    compare(model, real);
  }
  toString(): string {
    return `edit ${this.#section} ${this.#text}`;
  }
}

class Revert implements fc.Command<Model, Real> {
  check({ now, before }: Readonly<Model>): boolean {
    return now !== null && before !== null;
  }
  run(model: Model, real: Real): void {
    if (!real.current || !real.previous) throw new Error("There is nothing to go back to");
    Object.assign(real, reverted(real.current, real.previous));
    [model.now, model.before] = [model.before, model.now];
    model.changes += 1;
    compare(model, real);
  }
  toString(): string {
    return "revert";
  }
}

test("whatever is done in whatever order, the two versions are what was said last and before it", () => {
  const text = fc.string({ maxLength: 5 });
  const commands = fc.commands([
    text.map((written) => new Generate(written)),
    fc.tuple(fc.constantFrom("a", "b", "c"), text).map(([section, written]) => new Edit(section, written)),
    fc.constant(new Revert()),
  ]);
  fc.assert(
    fc.property(commands, (sequence) => {
      const start = () => ({
        model: { now: null, before: null, changes: 0 },
        real: { current: null, previous: null },
      });
      fc.modelRun(start, sequence);
    }),
    { numRuns: 300 },
  );
});
