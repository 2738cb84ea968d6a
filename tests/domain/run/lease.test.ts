import { describe, expect, test } from "vitest";
import {
  extendedEnd,
  heldByAgent,
  isExpired,
  type LeasedWorkstream,
  leaseEnd,
  lostLease,
} from "../../../src/domain/run/lease.ts";

const NOW = new Date("2026-01-05T09:00:00.000Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const lease = { token: "mine", holder: "agent-1", expiresAt: at(300) };
const workstream: LeasedWorkstream = { key: "api", status: "EDITING", attempt: 2, lease };

test("a lease ends that many seconds from now", () => {
  expect(leaseEnd(NOW, 300)).toEqual(at(300));
});

test("a heartbeat lengthens a lease", () => {
  expect(extendedEnd(at(300), at(100), 300)).toEqual(at(400));
});

test("a heartbeat does not shorten a lease when the clock has jumped back", () => {
  expect(extendedEnd(at(300), at(-3_600), 300)).toEqual(at(300));
});

test("a heartbeat with a shorter lease leaves the longer one", () => {
  expect(extendedEnd(at(300), NOW, 5)).toEqual(at(300));
});

test("a lease is over at the moment when it expires, and not a millisecond before", () => {
  expect(isExpired(lease, new Date(at(300).getTime() - 1))).toBe(false);
  expect(isExpired(lease, at(300))).toBe(true);
});

describe("a write is refused", () => {
  test("in a sentence that the holder's name cannot break", () => {
    const holder = "bot\u001b[2J\r\nNobody\u202E";
    const taken = { ...workstream, lease: { ...lease, holder } };
    expect(lostLease(taken, "old", NOW)?.message).toContain(": bot Nobody holds it now");
    expect(heldByAgent(taken).message).toMatch(/^bot Nobody works on/);
  });

  test("not under the present lease", () => {
    expect(lostLease(workstream, "mine", at(299))).toBeNull();
  });

  test.each<[string, LeasedWorkstream, string, Date, RegExp]>([
    [
      "under another one's, which says whose it is",
      workstream,
      "old",
      NOW,
      /agent-1 holds it now, as attempt 2, until 2026-01-05T09:05:00.000Z/,
    ],
    [
      "under its own that has expired",
      workstream,
      "mine",
      at(300),
      /of agent-1, expired at 2026-01-05T09:05/,
    ],
    ["under one before that, which has expired too", workstream, "old", at(300), /expired at/],
    [
      "when nobody holds it",
      { ...workstream, status: "READY", lease: null },
      "mine",
      NOW,
      /READY and nobody holds/,
    ],
    [
      "when it has ended",
      { ...workstream, status: "DONE", lease: null },
      "mine",
      NOW,
      /DONE and nobody holds/,
    ],
  ])("%s", (_name, current, token, now, message) => {
    const conflict = lostLease(current, token, now);
    expect(conflict?.message).toMatch(message);
    expect(conflict).toMatchObject({ currentState: current.status, currentVersion: 2 });
  });
});
