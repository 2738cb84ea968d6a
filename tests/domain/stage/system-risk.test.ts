import { describe, expect, test } from "vitest";
import {
  detectSystemRisks,
  dismissSystemRisk,
  isDismissed,
  type RiskDismissal,
  riskDismissalsSchema,
  type SystemRisk,
  type SystemSignals,
} from "../../../src/domain/stage/system-risk.ts";
import { everyCombination } from "../support.ts";

const NOW = new Date("2026-03-31T15:30:00Z");
const DAY = 86_400_000;
const ago = (days: number, milliseconds = 0) => new Date(NOW.getTime() - days * DAY - milliseconds);

function signals(changes: Partial<SystemSignals> = {}): SystemSignals {
  return {
    lastDecisionAt: NOW,
    lastActivityAt: NOW,
    failedRuns: { count: 0, since: null },
    tokensUsed: 0,
    tokensPerDay: 500_000,
    ...changes,
  };
}

const failed = (count: number) => ({ failedRuns: { count, since: ago(1) } });

/** What each kind says of one signal: null for no risk, else its level. */
function levelOf(kind: string, changes: Partial<SystemSignals>): number | null {
  const risks = detectSystemRisks(signals(changes), NOW);
  expect(risks.filter((risk) => risk.kind !== kind)).toEqual([]);
  return risks[0]?.level ?? null;
}

describe("detectSystemRisks", () => {
  test("finds nothing wrong with a project that goes well", () => {
    expect(detectSystemRisks(signals(), NOW)).toEqual([]);
  });

  test.each([
    ["just now", null, ago(0)],
    ["a moment in the future, by another clock", null, ago(-1)],
    ["a millisecond short of 7 days ago", null, ago(7, -1)],
    ["exactly 7 days ago", 1, ago(7)],
    ["a millisecond more than 7 days ago", 1, ago(7, 1)],
    ["a millisecond short of 14 days ago", 1, ago(14, -1)],
    ["exactly 14 days ago", 2, ago(14)],
    ["21 days ago", 3, ago(21)],
  ])("the last gate decision %s → level %s", (_, level, lastDecisionAt) => {
    expect(levelOf("NO_GATE_DECISION", { lastDecisionAt })).toBe(level);
  });

  test.each([
    ["a millisecond short of 14 days ago", null, ago(14, -1)],
    ["exactly 14 days ago", 1, ago(14)],
    ["a millisecond more than 14 days ago", 1, ago(14, 1)],
    ["a millisecond short of 28 days ago", 1, ago(28, -1)],
    ["exactly 28 days ago", 2, ago(28)],
    ["42 days ago", 3, ago(42)],
  ])("the last activity %s → level %s", (_, level, lastActivityAt) => {
    expect(levelOf("INACTIVE", { lastActivityAt })).toBe(level);
  });

  test.each([
    [0, null],
    [2, null],
    [3, 1],
    [4, 2],
    [5, 3],
  ])("%i failed runs in a row → level %s", (count, level) => {
    expect(levelOf("FAILED_RUNS", failed(count))).toBe(level);
  });

  test.each([
    [0, null],
    [399_999, null],
    [400_000, 1],
    [400_001, 1],
    [449_999, 1],
    [450_000, 2],
    [500_000, 3],
    [750_000, 8],
  ])("%i of 500,000 tokens used → level %s", (tokensUsed, level) => {
    expect(levelOf("TOKEN_BUDGET", { tokensUsed })).toBe(level);
  });

  test("finds every combination of risks, each on its own signal, in one order", () => {
    const combinations = everyCombination({
      NO_GATE_DECISION: [null, { lastDecisionAt: ago(7) }],
      FAILED_RUNS: [null, failed(3)],
      INACTIVE: [null, { lastActivityAt: ago(14) }],
      TOKEN_BUDGET: [null, { tokensUsed: 400_000 }],
    });
    expect(combinations).toHaveLength(16);
    for (const combination of combinations) {
      const changes = Object.assign({}, ...Object.values(combination));
      const expected = Object.entries(combination).flatMap(([kind, change]) => (change ? [kind] : []));
      expect(detectSystemRisks(signals(changes), NOW).map(({ kind }) => kind)).toEqual(expected);
    }
  });

  test("says since when, and how bad in words", () => {
    const changes = { lastDecisionAt: ago(8, 5), lastActivityAt: ago(15), tokensUsed: 412_345, ...failed(4) };
    expect(detectSystemRisks(signals(changes), NOW)).toMatchObject([
      { since: ago(8, 5), message: "No gate has been decided for 8 days." },
      { since: ago(1), message: "The last 4 runs failed." },
      { since: ago(15), message: "Nothing has happened for 15 days." },
      { since: new Date("2026-03-31T00:00:00Z"), message: "82 % of today's token budget is used." },
    ]);
  });
});

function only(changes: Partial<SystemSignals>, now = NOW): SystemRisk {
  const [risk, ...others] = detectSystemRisks(
    signals({ lastActivityAt: now, lastDecisionAt: now, ...changes }),
    now,
  );
  if (!risk || others.length > 0) throw new Error("These signals should make one risk");
  return risk;
}

describe("a dismissed system risk", () => {
  const NONE: readonly RiskDismissal[] = [];
  const twoWeeks = only({ lastDecisionAt: ago(14) });
  const dismissed = dismissSystemRisk(twoWeeks, NONE);

  test("is open before anybody dismisses it", () => {
    expect(isDismissed(twoWeeks, NONE)).toBe(false);
  });

  test("stays dismissed at the same level, days later too", () => {
    expect(isDismissed(twoWeeks, dismissed)).toBe(true);
    const later = new Date(NOW.getTime() + 6 * DAY);
    expect(isDismissed(only({ lastDecisionAt: ago(14) }, later), dismissed)).toBe(true);
  });

  test("comes back when it gets worse", () => {
    const later = new Date(NOW.getTime() + 7 * DAY);
    expect(isDismissed(only({ lastDecisionAt: ago(14) }, later), dismissed)).toBe(false);
  });

  test("stays dismissed when it gets better within one occurrence", () => {
    const failures = only(failed(5));
    expect(isDismissed(only(failed(4)), dismissSystemRisk(failures, NONE))).toBe(true);
    expect(isDismissed(only(failed(6)), dismissSystemRisk(failures, NONE))).toBe(false);
  });

  test("comes back as a new occurrence, even a milder one", () => {
    expect(isDismissed(only({ lastDecisionAt: ago(7) }), dismissed)).toBe(false);
  });

  test("does not speak for another kind", () => {
    const sameStart = { ...only({ lastActivityAt: ago(14) }), level: 1 };
    expect(sameStart.since).toEqual(twoWeeks.since);
    expect(isDismissed(sameStart, dismissed)).toBe(false);
  });

  test("of the token budget lasts for the UTC day", () => {
    const over = { tokensUsed: 400_000 };
    const budget = dismissSystemRisk(only(over), NONE);
    expect(isDismissed(only(over, new Date("2026-03-31T23:59:59.999Z")), budget)).toBe(true);
    expect(isDismissed(only(over, new Date("2026-04-01T00:00:00Z")), budget)).toBe(false);
  });

  test("replaces the older dismissal of its kind and keeps those of other kinds", () => {
    const inactive = only({ lastActivityAt: ago(14) });
    const newer = only({ lastDecisionAt: ago(7) });
    const all = dismissSystemRisk(newer, dismissSystemRisk(inactive, dismissed));
    expect(all).toHaveLength(2);
    expect([inactive, newer, twoWeeks].map((risk) => isDismissed(risk, all))).toEqual([true, true, false]);
  });

  test("is stored as JSON and still known when it is read", () => {
    const stored = riskDismissalsSchema.parse(JSON.parse(JSON.stringify(dismissed)));
    expect(isDismissed(twoWeeks, stored)).toBe(true);
  });
});
