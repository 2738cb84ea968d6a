import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveOutcome, type Ended } from "../../../src/domain/run/outcome.ts";
import { WORKSTREAM_STATES, type WorkstreamStatus } from "../../../src/domain/run/state.ts";

const ended = (status: WorkstreamStatus, blockedBy: Ended["blockedBy"] = null, replaced = false): Ended => ({
  status,
  blockedBy,
  replaced,
});
const done = ended("DONE");
const failed = ended("FAILED");
const abandoned = ended("ABANDONED");
const lost = ended("BLOCKED", "DEPENDENCY");
const held = ended("BLOCKED", "HOLD");
const replaced = ended("FAILED", null, true);

test.each<[string, Ended[], ReturnType<typeof deriveOutcome>]>([
  ["a run without workstreams goes on", [], null],
  ["all done is completed", [done, done], "COMPLETED"],
  ["some done is partial: one failed", [done, failed], "PARTIAL"],
  ["some done is partial: one abandoned", [done, abandoned], "PARTIAL"],
  ["some done is partial: the rest blocked", [done, failed, lost], "PARTIAL"],
  ["none done and one failed is failed", [abandoned, failed, lost], "FAILED"],
  ["none done and none failed is abandoned", [abandoned, lost], "ABANDONED"],
  ["what a person holds can go on", [done, held], null],
  ["what an escalation has stopped can go on", [done, ended("BLOCKED", "ESCALATION")], null],
  ["what was replaced does not count", [replaced, done], "COMPLETED"],
  ["what was replaced does not fail the run", [replaced, abandoned], "ABANDONED"],
  ["only replaced ones go on", [replaced], null],
  ...(["PENDING", "READY", "EDITING", "STATIC_CHECK", "FIXING", "RUNTIME_CHECK"] as const).map(
    (status): [string, Ended[], null] => [`${status} can go on`, [done, failed, ended(status)], null],
  ),
])("%s", (_name, workstreams, outcome) => {
  expect(deriveOutcome(workstreams)).toBe(outcome);
});

test("the outcome depends on which states there are, not on their order or number", () => {
  const any = fc.record({
    status: fc.constantFrom(...WORKSTREAM_STATES.map(({ name }) => name)),
    blockedBy: fc.constantFrom(null, "HOLD" as const, "DEPENDENCY" as const, "ESCALATION" as const),
    replaced: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), (workstreams) => {
      const outcome = deriveOutcome(workstreams);
      expect(deriveOutcome(workstreams.toReversed())).toBe(outcome);
      expect(deriveOutcome([...workstreams, ...workstreams])).toBe(outcome);
    }),
  );
});
