import { describe, expect, test } from "vitest";
import { answerAtDeadline, dueAfter } from "../../../src/domain/escalation/deadline.ts";
import { DEFAULT_OPTIONS, effectOf, needsGuidance } from "../../../src/domain/escalation/option.ts";
import { escalationSignature } from "../../../src/domain/escalation/signature.ts";
import { EXPIRY_POLICIES, type ExpiryPolicy } from "../../../src/domain/escalation/state.ts";

test("offers retry, skip, provide_guidance and abort, each with words for people", () => {
  expect(DEFAULT_OPTIONS.map(({ value }) => value)).toEqual(["retry", "skip", "provide_guidance", "abort"]);
  for (const { label, description } of DEFAULT_OPTIONS) expect(label && description).not.toBe("");
});

test.for([
  ["retry", "GO_ON", false],
  ["skip", "GIVE_UP", false],
  ["provide_guidance", "GO_ON", true],
  ["abort", "ABORT_RUN", false],
  ["use_postgres", "GO_ON", false],
  ["Skip", "GO_ON", false],
] as const)("choosing %s means %s", ([decision, effect, guidance]) => {
  expect(effectOf(decision)).toBe(effect);
  expect(needsGuidance(decision)).toBe(guidance);
});

describe("at the deadline", () => {
  const answers: Record<ExpiryPolicy, unknown> = {
    WAIT: { kind: "TELL" },
    RETRY: { kind: "DECIDE", decision: "retry" },
    SKIP: { kind: "SKIP" },
    ABORT: { kind: "DECIDE", decision: "abort" },
    DEFAULT_OPTION: { kind: "DECIDE", decision: "sqlite" },
  };
  test.for(Object.keys(EXPIRY_POLICIES) as ExpiryPolicy[])("%s", (policy) => {
    expect(answerAtDeadline(policy, "sqlite")).toEqual(answers[policy]);
  });

  test("a default option that is not there is a fault", () => {
    expect(() => answerAtDeadline("DEFAULT_OPTION", null)).toThrow(/there is none/);
  });

  test("is that many seconds away, or never", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    expect(dueAfter(now, 90)).toEqual(new Date("2026-01-01T00:01:30Z"));
    expect(dueAfter(now, null)).toBeNull();
  });
});

test("the signature is project, error type and hash", () => {
  expect(escalationSignature("p", "E1", "abc")).toBe("p:E1:abc");
});
