import { describe, expect, test } from "vitest";
import { findWorkstreamMove, validateStateTransition } from "../../../src/domain/run/machine.ts";
import { decideMove, decideRunMove } from "../../../src/domain/run/move.ts";
import type { Standing } from "../../../src/domain/run/readiness.ts";
import {
  isTerminalWorkstream,
  isWorking,
  RUN_STATES,
  WORKSTREAM_STATES,
} from "../../../src/domain/run/state.ts";
import { everyCombination } from "../support.ts";

const STATES = WORKSTREAM_STATES.map(({ name }) => name);
const done: Standing = { status: "DONE", blockedBy: null };
const failed: Standing = { status: "FAILED", blockedBy: null };
const ready: Standing = { status: "READY", blockedBy: null };

describe("decideMove", () => {
  test.each(
    everyCombination({ from: STATES, to: STATES, leased: [true, false] }),
  )("$from → $to, leased $leased, is allowed where the table and the lease allow it", ({
    from,
    to,
    leased,
  }) => {
    const blockedBy = from === "BLOCKED" ? "HOLD" : null;
    const current = { status: from, blockedBy } as const;
    const decision = decideMove({
      current,
      to,
      leased,
      dependencies: [],
      stepInProgress: false,
      runEnded: false,
    });
    if (!decision.allowed) expect(decision.rejection.allowed).not.toContain(to);
    const illegal = validateStateTransition("workstream", from, to);
    if (illegal) {
      const { allowed: _allowed, ...rejection } = illegal;
      return expect(decision).toMatchObject({ allowed: false, rejection });
    }
    if (isWorking(from) && to === "BLOCKED") {
      return expect(decision).toMatchObject({ allowed: false, rejection: { rule: "ESCALATION_DECIDES" } });
    }
    const begins = findWorkstreamMove(from, to)?.trigger === "CLAIM";
    if (begins || (!leased && (isWorking(to) || to === "DONE"))) {
      return expect(decision).toMatchObject({
        allowed: false,
        rejection: { rule: "LEASE_REQUIRED", from, to },
      });
    }
    // Without dependencies what waits is ready, so it cannot be made to wait.
    if (to === "PENDING" || (from === "PENDING" && to === "READY")) {
      return expect(decision).toMatchObject({ allowed: false, rejection: { rule: "DEPENDENCIES_DECIDE" } });
    }
    const holds = to === "BLOCKED" ? "HOLD" : null;
    expect(decision).toEqual({ allowed: true, to: { status: to, blockedBy: holds } });
  });

  test.each<[string, Standing["blockedBy"], Standing[], "READY" | "PENDING", string[] | null]>([
    ["a hold ends as READY when all are done", "HOLD", [done, done], "READY", null],
    ["a hold ends as PENDING while one is not", "HOLD", [done, ready], "PENDING", null],
    [
      "a hold cannot end as READY while one is not",
      "HOLD",
      [ready],
      "READY",
      ["PENDING", "FAILED", "ABANDONED"],
    ],
    [
      "a hold cannot end as PENDING when all are done",
      "HOLD",
      [done],
      "PENDING",
      ["READY", "FAILED", "ABANDONED"],
    ],
    ["what is blocked by a dependency has no hold", "DEPENDENCY", [failed], "READY", ["FAILED", "ABANDONED"]],
    ["not even when the dependency is done", "DEPENDENCY", [done], "READY", ["FAILED", "ABANDONED"]],
  ])("%s", (_name, blockedBy, dependencies, to, allowed) => {
    const current = { status: "BLOCKED", blockedBy } as const;
    const decision = decideMove({
      current,
      to,
      leased: false,
      dependencies,
      stepInProgress: false,
      runEnded: false,
    });
    if (allowed === null)
      return expect(decision).toEqual({ allowed: true, to: { status: to, blockedBy: null } });
    const rejection = { rule: "DEPENDENCIES_DECIDE", from: "BLOCKED", to, allowed };
    expect(decision).toMatchObject({ allowed: false, rejection });
  });

  test.each(["PENDING", "READY"] as const)("does not let go to %s what an escalation has stopped", (to) => {
    const current = { status: "BLOCKED", blockedBy: "ESCALATION" } as const;
    const request = { current, to, leased: false, stepInProgress: false, runEnded: false };
    for (const dependencies of [[], [done], [ready], [failed]]) {
      expect(decideMove({ ...request, dependencies })).toMatchObject({
        allowed: false,
        rejection: { rule: "ESCALATION_DECIDES", allowed: ["FAILED", "ABANDONED"] },
      });
    }
  });

  test.each([
    "PENDING",
    "READY",
  ] as const)("lifts a hold to %s from what is lost, which blocks it then", (to) => {
    const current = { status: "BLOCKED", blockedBy: "HOLD" } as const;
    const request = { current, to, leased: false, stepInProgress: false, runEnded: false };
    for (const dependencies of [[failed], [done, { status: "BLOCKED", blockedBy: "DEPENDENCY" } as const]]) {
      const blocked = { status: "BLOCKED", blockedBy: "DEPENDENCY" };
      expect(decideMove({ ...request, dependencies })).toEqual({ allowed: true, to: blocked });
    }
  });

  test("names as allowed what would be allowed, and nothing else", () => {
    const all = everyCombination({
      from: STATES,
      to: STATES,
      leased: [true, false],
      stepInProgress: [true, false],
      runEnded: [true, false],
      blockedBy: ["HOLD", "DEPENDENCY"] as const,
      dependencies: [[done], [ready], [failed]],
    });
    for (const { from, blockedBy, ...rest } of all) {
      const current = { status: from, blockedBy: from === "BLOCKED" ? blockedBy : null };
      const decision = decideMove({ current, ...rest });
      if (decision.allowed) continue;
      const possible = STATES.filter((to) => decideMove({ current, ...rest, to }).allowed);
      expect(decision.rejection.allowed.toSorted()).toEqual(possible.toSorted());
    }
  });

  test("moves nothing in a run that has ended", () => {
    const current = { status: "BLOCKED", blockedBy: "DEPENDENCY" } as const;
    const request = { current, leased: false, dependencies: [failed], stepInProgress: false, runEnded: true };
    expect(decideMove({ ...request, to: "ABANDONED" })).toMatchObject({
      rejection: { rule: "RUN_ENDED", from: "BLOCKED", to: "ABANDONED", allowed: [] },
    });
  });

  test("lets nothing be done while a step is in progress, and everything else", () => {
    const current = { status: "RUNTIME_CHECK", blockedBy: null } as const;
    const request = { current, leased: true, dependencies: [], stepInProgress: true, runEnded: false };
    expect(decideMove({ ...request, to: "DONE" })).toMatchObject({ rejection: { rule: "STEP_IN_PROGRESS" } });
    for (const to of ["READY", "FAILED", "ABANDONED"] as const) {
      expect(decideMove({ ...request, to })).toMatchObject({ allowed: true });
    }
  });

  test("ends whatever has not ended, for whoever asks", () => {
    for (const from of STATES.filter((state) => !isTerminalWorkstream(state))) {
      const current = { status: from, blockedBy: from === "BLOCKED" ? ("DEPENDENCY" as const) : null };
      for (const leased of [true, false]) {
        const request = { current, leased, dependencies: [failed], stepInProgress: true, runEnded: false };
        expect(decideMove({ ...request, to: "ABANDONED" })).toMatchObject({ allowed: true });
      }
    }
  });
});

test.each(
  everyCombination({ from: RUN_STATES.map(({ name }) => name), to: RUN_STATES.map(({ name }) => name) }),
)("a run goes from $from to $to by a person only to start or to be abandoned", ({ from, to }) => {
  const rejection = decideRunMove(from, to);
  const illegal = validateStateTransition("run", from, to);
  const askable = illegal?.allowed.filter((state) => state === "RUNNING" || state === "ABANDONED");
  if (illegal) return expect(rejection).toEqual({ ...illegal, allowed: askable });
  if (to === "RUNNING" || to === "ABANDONED") return expect(rejection).toBeNull();
  const allowed = from === "PENDING" ? ["RUNNING", "ABANDONED"] : ["ABANDONED"];
  expect(rejection).toMatchObject({ rule: "RUN_ENDS_BY_ITSELF", from, to, allowed });
});
