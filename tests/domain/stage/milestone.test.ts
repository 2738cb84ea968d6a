import { describe, expect, test } from "vitest";
import {
  completeMilestone,
  findMilestone,
  listMilestones,
  MILESTONE_KEY,
  type Milestones,
  milestoneSchema,
  milestonesSchema,
  removeMilestone,
  reopenMilestone,
  resetMilestones,
  setMilestone,
  titleOf,
} from "../../../src/domain/stage/milestone.ts";
import { milestone, milestonesOf } from "../support.ts";

const AT = new Date("2026-02-01T12:00:00Z");
const TWO = milestonesOf("10 20+");

describe("completeMilestone and reopenMilestone", () => {
  test("completing one notes the time and leaves the others alone", () => {
    expect(completeMilestone(TWO, "m0", AT)).toEqual({
      ...TWO,
      m0: { ...TWO.m0, completed: true, completedAt: "2026-02-01T12:00:00.000Z" },
    });
  });

  test("reopening one forgets the time and leaves the others alone", () => {
    expect(reopenMilestone(TWO, "m1")).toEqual({
      ...TWO,
      m1: { ...TWO.m1, completed: false, completedAt: null },
    });
  });

  test.each([
    "missing",
    "constructor",
    "toString",
  ])("refuses a key that the stage does not have: %s", (key) => {
    expect(() => completeMilestone(TWO, key, AT)).toThrow(RangeError);
    expect(() => reopenMilestone(TWO, key)).toThrow(RangeError);
  });
});

describe("resetMilestones", () => {
  test("opens every milestone and keeps what it is", () => {
    expect(resetMilestones(milestonesOf("10+ 20+ 0"))).toEqual(milestonesOf("10 20 0"));
  });
});

describe("setMilestone", () => {
  test("adds a milestone at the end, open and not the template's, titled after its key", () => {
    expect(setMilestone(TWO, "beta_shipped", { weight: 5 })).toEqual({
      ...TWO,
      beta_shipped: {
        ...{ title: "Beta shipped", weight: 5, completed: false, completedAt: null },
        ...{ template: false, position: 2 },
      },
    });
  });

  test("puts the first milestone of an empty stage at the beginning", () => {
    expect(setMilestone({}, "first", { weight: 1 })).toHaveProperty("first.position", 0);
  });

  test("never gives a new milestone the place of one that stays", () => {
    const gap = removeMilestone(milestonesOf("1 1 1"), "m0");
    expect(setMilestone(gap, "late", { weight: 1 })).toHaveProperty("late.position", 3);
  });

  test("takes the title that is given", () => {
    expect(setMilestone(TWO, "beta", { title: "Public beta", weight: 5 })).toHaveProperty(
      "beta.title",
      "Public beta",
    );
  });

  test("changes only the weight of one that exists, when no title is given", () => {
    expect(setMilestone(TWO, "m1", { weight: 0 })).toEqual({ ...TWO, m1: { ...TWO.m1, weight: 0 } });
  });

  test("keeps an existing milestone completed, in its place and the template's", () => {
    expect(setMilestone(TWO, "m1", { title: "Renamed", weight: 7 })).toEqual({
      ...TWO,
      m1: { ...TWO.m1, title: "Renamed", weight: 7 },
    });
  });

  test("adds a milestone whose key every object has, and it can be stored and read again", () => {
    const stored = milestonesSchema.parse(
      JSON.parse(JSON.stringify(setMilestone(TWO, "constructor", { weight: 5 }))),
    );
    expect(findMilestone(stored, "constructor")).toEqual(
      milestone({ title: "Constructor", weight: 5, template: false, position: 2 }),
    );
    expect(listMilestones(stored)).toHaveLength(3);
  });
});

describe("removeMilestone", () => {
  test("takes out that one only", () => {
    expect(removeMilestone(TWO, "m0")).toEqual({ m1: TWO.m1 });
  });
});

describe("findMilestone", () => {
  test("finds by key", () => {
    expect(findMilestone(TWO, "m1")).toEqual(TWO.m1);
  });

  test.each(["missing", "constructor", "__proto__"])("finds nothing under %s", (key) => {
    expect(findMilestone(TWO, key)).toBeUndefined();
  });
});

describe("listMilestones", () => {
  const shuffled: Milestones = {
    zeta: milestone({ position: 2 }),
    beta: milestone({ position: 1 }),
    alpha: milestone({ position: 1 }),
    omega: milestone({ position: 0 }),
  };

  test("goes by position, then by key, whatever the order of the keys in the database", () => {
    expect(listMilestones(shuffled).map(({ key }) => key)).toEqual(["omega", "alpha", "beta", "zeta"]);
  });
});

describe("changing milestones", () => {
  const frozen: Milestones = Object.freeze({ one: Object.freeze(milestone({ completed: true })) });

  test.each([
    ["completeMilestone", () => completeMilestone(frozen, "one", AT)],
    ["reopenMilestone", () => reopenMilestone(frozen, "one")],
    ["resetMilestones", () => resetMilestones(frozen)],
    ["setMilestone", () => setMilestone(frozen, "one", { weight: 3 })],
    ["removeMilestone", () => removeMilestone(frozen, "one")],
  ])("%s answers with a changed copy and leaves what it was given", (_, change) => {
    expect(change()).not.toEqual(frozen);
    expect(frozen).toEqual({ one: milestone({ completed: true }) });
  });
});

describe("what a milestone may be", () => {
  test.each([0, 1, 1000])("takes the weight %d", (weight) => {
    expect(milestoneSchema.safeParse(milestone({ weight })).success).toBe(true);
  });

  test.each([-1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses the weight %d", (weight) => {
    expect(milestoneSchema.safeParse(milestone({ weight })).success).toBe(false);
  });

  test.each(["a", "gate_proceed", "step2", "x".repeat(50)])("takes the key %s", (key) => {
    expect(key).toMatch(MILESTONE_KEY);
  });

  test.each([
    "",
    "_a",
    "2step",
    "Beta",
    "a-b",
    "a b",
    "a\n",
    "a\u0000",
    "__proto__",
    "é",
    "x".repeat(51),
  ])("refuses the key %j", (key) => {
    expect(key).not.toMatch(MILESTONE_KEY);
  });

  test.each([
    ["brief_generated", "Brief generated"],
    ["mvp", "Mvp"],
  ])("the key %s reads as %s", (key, title) => {
    expect(titleOf(key)).toBe(title);
  });
});
