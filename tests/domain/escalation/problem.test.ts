import { describe, expect, test } from "vitest";
import { describeProblem, type Failure, headlineOf } from "../../../src/domain/escalation/problem.ts";

const HEADLINES: [name: string, message: string, headline: string][] = [
  ["a plain message", "The port is taken", "The port is taken"],
  [
    "what differs",
    "Timeout after 3000 ms at https://api.test/v1 for /srv/app/x.ts",
    "Timeout after a number ms at an address for a file",
  ],
  [
    "a stack of JavaScript",
    "TypeError: x is undefined\n    at f (/srv/a.ts:3:4)\n    at node:internal/main:1:1",
    "TypeError: x is undefined",
  ],
  [
    "a stack on one line",
    "TypeError: x is undefined at f (/srv/a.ts:3:4) at g (/srv/b.ts:1:1)",
    "TypeError: x is undefined",
  ],
  [
    "a traceback of Python",
    'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    f()\nValueError: no rows',
    "ValueError: no rows",
  ],
  [
    "a stack of Java",
    "java.lang.IllegalStateException: closed\n\tat com.x.Y.z(Y.java:12)\nCaused by: other",
    "java.lang.IllegalStateException: closed",
  ],
  ["a stack without a message", "    at f (/srv/a.ts:3:4)", "it gave no message"],
  ["quotations", "Cannot find name 'Ledger'.", "Cannot find name “…”."],
  ["colours", "\u001b[31merror\u001b[0m broken", "error broken"],
];

test.for(HEADLINES)("the headline of %s", ([, message, headline]) => {
  expect(headlineOf(message)).toBe(headline);
});

test("a headline is short, and no surrogate pair is cut", () => {
  expect(headlineOf("x ".repeat(5_000)).length).toBeLessThanOrEqual(300);
  expect(headlineOf("😀".repeat(5_000)).isWellFormed()).toBe(true);
});

const failure = (headline: string): Failure => ({ step: "static", agent: "agent-1", headline });
const problem = {
  workstream: "Ledger API",
  step: "static",
  errorCode: "TYPE_ERROR",
  failures: [failure("Broken"), failure("Broken"), failure("Broken")],
  previousDecision: null,
};

describe("a problem in plain words", () => {
  test("says what failed, how often, what it means and what was tried", () => {
    expect(describeProblem(problem)).toEqual({
      problem:
        "The step “static” of “Ledger API” failed 3 times in the same way. The code that was written does not pass the compiler. The error is: Broken.",
      attempts: [1, 2, 3].map((n) => `Attempt ${n}: agent-1 did the step “static”, and it failed: Broken.`),
      recommendedAction: "Tell the agent in a few words what the code should do instead, as guidance.",
    });
  });

  test("says that it failed again after an answer", () => {
    const again = { ...problem, failures: [failure("Broken")], previousDecision: "retry" };
    expect(describeProblem(again)).toMatchObject({
      problem: expect.stringContaining("failed again in the same way, after the answer “retry”."),
      attempts: ["After the last answer: agent-1 did the step “static”, and it failed: Broken."],
    });
  });

  test.for([
    ["E1", "Timeout after a number ms", "took too long"],
    ["ETIMEDOUT", "it broke", "took too long"],
    ["HTTP_429", "Refused", "asked too often"],
    ["HTTP_401", "Refused", "not allowed"],
    ["E1", "Missing API key", "not allowed"],
    ["E1", "connect ECONNREFUSED a number", "over the network"],
    ["E1", "JavaScript heap out of memory", "no memory"],
    ["ENOSPC", "write failed", "no disk space"],
    ["TS2304", "Broken", "does not pass the compiler"],
    ["E1", "SyntaxError: Unexpected token", "does not pass the compiler"],
    ["E1", "AssertionError: a number to be a number", "test does not pass"],
    ["E1", "expected a number to equal a number", "test does not pass"],
    ["ENOENT", "no such file or directory", "is not there"],
    ["E1", "Something odd", "does not get past it"],
  ] as const)("%s “%s” means: %s", ([errorCode, headline, meaning]) => {
    const told = describeProblem({ ...problem, errorCode, failures: [failure(headline)] });
    expect(told.problem).toContain(meaning);
    expect(told.recommendedAction).not.toBe("");
  });
});
