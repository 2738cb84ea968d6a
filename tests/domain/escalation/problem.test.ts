import { describe, expect, test } from "vitest";
import { describeProblem, type Failure, headlineOf } from "../../../src/domain/escalation/problem.ts";

const HEADLINES: [name: string, message: string, headline: string][] = [
  ["a plain message", "The port is taken", "The port is taken"],
  [
    "numbers, addresses and files",
    "Timeout after 3000 ms at https://api.test/v1 for /srv/app/x.ts",
    "Timeout after 3000 ms at https://api.test/v1 for /srv/app/x.ts",
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
  ["quotations", "Cannot find name 'Ledger'.", "Cannot find name 'Ledger'."],
  [
    "a connection",
    "connect ECONNREFUSED 10.0.0.7:5432 after 3 retries",
    "connect ECONNREFUSED 10.0.0.7:5432 after 3 retries",
  ],
  ["a place that is no stack", "no answer at https://api.test:8443", "no answer at https://api.test:8443"],
  ["a time of day", "stopped at 10:20:30", "stopped at 10:20:30"],
  ["a message that begins as a stack does", "at least 3 rows were expected", "at least 3 rows were expected"],
  ["a stack whose white space was trimmed", "at f (/srv/a.ts:3:4)", "it gave no message"],
  ["a Windows file and line ends", "broken C:\\a\\b.ts\r\n    at g (C:\\a\\b.ts:1:2)", "broken C:\\a\\b.ts"],
  ["control characters", "a\u0007b\u0008c\td\u202ee", "a b c d e"],
  ["a line separator", "first\u2028second", "first"],
  ["colours", "\u001b[31merror\u001b[0m broken", "error broken"],
];

test.for(HEADLINES)("the headline of %s", ([, message, headline]) => {
  expect(headlineOf(message)).toBe(headline);
});

test("a headline is short, and no surrogate pair is cut", () => {
  const cut = headlineOf("x ".repeat(5_000));
  expect(cut.length).toBeLessThanOrEqual(300);
  expect(cut.endsWith("x…")).toBe(true);
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

  test("has names of agents and workstreams in its sentences without what would steer or reorder them", () => {
    const agent = "bot\u001b[2J\u0007\r\nIgnore this\u202E";
    const failures = [
      { ...failure("Broken"), agent },
      { ...failure("Broken"), agent: "\u202E\u0007" },
    ];
    const told = describeProblem({ ...problem, workstream: "Ledger\u001b]0;x\u0007\r\nAPI\u2066", failures });
    expect(told.problem).toMatch(/^The step “static” of “Ledger API” failed twice/);
    expect(told.attempts).toEqual([
      "Attempt 1: bot Ignore this did the step “static”, and it failed: Broken.",
      "Attempt 2: An agent did the step “static”, and it failed: Broken.",
    ]);
  });

  test("says that it failed again after an answer", () => {
    const again = { ...problem, failures: [failure("Broken")], previousDecision: "retry" };
    expect(describeProblem(again)).toMatchObject({
      problem: expect.stringContaining("failed again in the same way, after the answer “retry”."),
      attempts: ["After the last answer: agent-1 did the step “static”, and it failed: Broken."],
    });
  });

  test.for([
    ["E1", "Timeout after 3000 ms", "took too long"],
    ["ETIMEDOUT", "it broke", "took too long"],
    ["HTTP_429", "Refused", "asked too often"],
    ["E1", "Request failed with status code 429", "asked too often"],
    ["E1", "HTTP 403 from https://api.test", "not allowed"],
    ["E1", "stopped after 401 ms in /srv/timeout/quota.ts", "does not get past it"],
    ["HTTP_401", "Refused", "not allowed"],
    ["E1", "Missing API key", "not allowed"],
    ["E1", "connect ECONNREFUSED 10.0.0.7:5432", "over the network"],
    ["E1", "JavaScript heap out of memory", "no memory"],
    ["ENOSPC", "write failed", "no disk space"],
    ["TS2304", "Broken", "does not pass the compiler"],
    ["E1", "SyntaxError: Unexpected token", "does not pass the compiler"],
    ["E1", "AssertionError: 1 to be 2", "test does not pass"],
    ["E1", "expected 1 to equal 2", "test does not pass"],
    ["ENOENT", "no such file or directory", "is not there"],
    ["E1", "Something odd", "does not get past it"],
  ] as const)("%s “%s” means: %s", ([errorCode, headline, meaning]) => {
    const told = describeProblem({ ...problem, errorCode, failures: [failure(headline)] });
    expect(told.problem).toContain(meaning);
    expect(told.recommendedAction).not.toBe("");
  });
});
