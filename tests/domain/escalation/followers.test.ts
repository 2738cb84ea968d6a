import { expect, test } from "vitest";
import { followUp, type Participant } from "../../../src/domain/escalation/followers.ts";
import type { EscalationStatus } from "../../../src/domain/escalation/state.ts";
import type { BlockReason, WorkstreamStatus } from "../../../src/domain/run/state.ts";

const one = (
  workstreamId: string,
  state: Participant["state"],
  status: WorkstreamStatus,
  blockedBy: BlockReason | null = null,
): Participant => ({ workstreamId, state, standing: { status, blockedBy } });
const stopped = (id: string) => one(id, "STOPPED", "BLOCKED", "ESCALATION");
const nothing = { left: [], cleared: [], tries: null, isVoid: false };

type Case = [
  name: string,
  status: EscalationStatus,
  participants: Participant[],
  succeeded: string | null,
  outcome: Partial<ReturnType<typeof followUp>>,
];
const CASES: Case[] = [
  ["nobody goes on before the answer", "PENDING", [stopped("a"), stopped("b")], null, {}],
  ["after the answer the first tries", "RESOLVED", [stopped("a"), stopped("b")], null, { tries: "a" }],
  [
    "after a skip the next tries",
    "SKIPPED",
    [one("a", "STOPPED", "ABANDONED"), stopped("b")],
    null,
    { left: ["a"], tries: "b" },
  ],
  [
    "the others wait while the first tries",
    "RESOLVED",
    [one("a", "TRYING", "EDITING"), stopped("b")],
    null,
    {},
  ],
  ["a lease that ended changes nothing", "RESOLVED", [one("a", "TRYING", "READY"), stopped("b")], null, {}],
  ["another's success changes nothing", "RESOLVED", [one("a", "TRYING", "EDITING"), stopped("b")], "c", {}],
  [
    "they follow when its step has succeeded",
    "RESOLVED",
    [one("a", "TRYING", "STATIC_CHECK"), stopped("b"), stopped("c")],
    "a",
    { cleared: ["a", "b", "c"] },
  ],
  [
    "they follow when it is done",
    "RESOLVED",
    [one("a", "TRYING", "DONE"), stopped("b")],
    null,
    { cleared: ["a", "b"] },
  ],
  ["it is cleared alone, too", "RESOLVED", [one("a", "TRYING", "EDITING")], "a", { cleared: ["a"] }],
  ...(["FAILED", "ABANDONED"] as const).map(
    (status): Case => [
      `when it is ${status} the next tries`,
      "RESOLVED",
      [one("a", "TRYING", status), stopped("b"), stopped("c")],
      null,
      { left: ["a"], tries: "b" },
    ],
  ),
  ...(["ESCALATION", "HOLD"] as const).map(
    (reason): Case => [
      `when it is blocked by ${reason} the next tries`,
      "RESOLVED",
      [one("a", "TRYING", "BLOCKED", reason), stopped("b")],
      null,
      { left: ["a"], tries: "b" },
    ],
  ),
  ["the last one that ends leaves nobody", "RESOLVED", [one("a", "TRYING", "FAILED")], null, { left: ["a"] }],
  [
    "one that is given up while it waits leaves",
    "RESOLVED",
    [one("a", "TRYING", "EDITING"), one("b", "STOPPED", "ABANDONED")],
    null,
    { left: ["b"] },
  ],
  [
    "a question stays while one waits for it",
    "PENDING",
    [one("a", "STOPPED", "ABANDONED"), stopped("b")],
    null,
    { left: ["a"] },
  ],
  [
    "a question that nobody waits for is void",
    "PENDING",
    [one("a", "STOPPED", "FAILED")],
    null,
    { left: ["a"], isVoid: true },
  ],
];

test.for(CASES)("%s", ([, status, participants, succeeded, outcome]) => {
  expect(followUp({ id: "e", status, participants }, succeeded)).toEqual({ ...nothing, ...outcome });
});
