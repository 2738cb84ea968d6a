import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validateStateTransition } from "../../../src/domain/run/machine.ts";
import { settle, standingAfter, type WorkstreamNode } from "../../../src/domain/run/readiness.ts";
import { WORKSTREAM_STATES, type WorkstreamStatus } from "../../../src/domain/run/state.ts";
import { anyDag, graph } from "./graphs.ts";

type Marks = Record<string, WorkstreamStatus | "HELD" | "LOST">;

/** A graph whose workstreams stand as marked, and otherwise wait. */
function standing(lines: readonly string[], marks: Marks): WorkstreamNode[] {
  return graph(...lines).map((node) => {
    const mark = marks[node.key] ?? "PENDING";
    const blockedBy = mark === "HELD" ? "HOLD" : mark === "LOST" ? "DEPENDENCY" : null;
    return {
      ...node,
      status: blockedBy ? "BLOCKED" : (mark as WorkstreamStatus),
      blockedBy,
      replaced: false,
    };
  });
}

const shown = (nodes: readonly WorkstreamNode[]) =>
  settle(nodes).map(({ key, from, to }) => `${key}: ${from.status} → ${to.status}`);

describe("settle", () => {
  test.each<[string, string[], Marks, string[]]>([
    ["makes ready what depends on nothing", ["a", "b: a"], {}, ["a: PENDING → READY"]],
    ["makes ready what depends on what is done", ["a", "b: a"], { a: "DONE" }, ["b: PENDING → READY"]],
    ["waits for all of several", ["a", "b", "c: a b"], { a: "DONE", b: "EDITING" }, []],
    [
      "blocks through the whole graph when one failed",
      ["a", "b: a", "c: b", "d: c"],
      { a: "FAILED" },
      ["b: PENDING → BLOCKED", "c: PENDING → BLOCKED", "d: PENDING → BLOCKED"],
    ],
    ["blocks when one was abandoned", ["a", "b: a"], { a: "ABANDONED" }, ["b: PENDING → BLOCKED"]],
    [
      "blocks also when the other one is done",
      ["a", "b", "c: a b"],
      { a: "FAILED", b: "DONE" },
      ["c: PENDING → BLOCKED"],
    ],
    [
      "lets come back what was blocked by one that is not lost any more",
      ["a", "b: a", "c: b"],
      { a: "READY", b: "LOST", c: "LOST" },
      ["b: BLOCKED → PENDING", "c: BLOCKED → PENDING"],
    ],
    [
      "lets come back as ready what was blocked and has all done",
      ["a", "b: a", "c: b"],
      { a: "DONE", b: "LOST", c: "LOST" },
      ["b: BLOCKED → READY", "c: BLOCKED → PENDING"],
    ],
    ["leaves what a person holds", ["a", "b: a"], { a: "DONE", b: "HELD" }, []],
    ["lets wait what depends on what a person holds", ["a", "b: a"], { a: "HELD" }, []],
    ["leaves what is worked on and what has ended", ["a", "b: a"], { a: "FAILED", b: "DONE" }, []],
  ])("%s", (_name, lines, marks, expected) => {
    expect(shown(standing(lines, marks))).toEqual(expected);
  });

  const anyStanding = anyDag().chain((nodes) =>
    fc
      .tuple(
        ...nodes.map(() =>
          fc.record({
            status: fc.constantFrom(...WORKSTREAM_STATES.map(({ name }) => name)),
            held: fc.boolean(),
          }),
        ),
      )
      .map((marks): WorkstreamNode[] =>
        nodes.map((node, index) => {
          const { status = "PENDING", held } = marks[index] ?? {};
          const blockedBy = status === "BLOCKED" ? (held ? "HOLD" : "DEPENDENCY") : null;
          return { ...node, status, blockedBy, replaced: false };
        }),
      ),
  );

  test("leaves every graph settled: each that waits stands as its dependencies say, and twice is once", () => {
    fc.assert(
      fc.property(anyStanding, (nodes) => {
        const changed = new Map(settle(nodes).map(({ key, to }) => [key, to]));
        const after = nodes.map((node) => ({ ...node, ...changed.get(node.key) }));
        expect(settle(after)).toEqual([]);
        const byKey = new Map(after.map((node) => [node.key, node]));
        for (const { key, status, blockedBy, dependsOn } of after) {
          const waits = status === "PENDING" || status === "READY" || blockedBy === "DEPENDENCY";
          if (!waits) {
            expect(changed.has(key)).toBe(false);
            continue;
          }
          const dependencies = dependsOn.flatMap((dependency) => byKey.get(dependency) ?? []);
          expect({ status, blockedBy }).toEqual(standingAfter(dependencies));
        }
      }),
    );
  });

  test("asks for moves of the table only, from any graph that a run can be in", () => {
    // A workstream is READY only while all that it depends on is done, and what is done stays so.
    const possible = anyStanding.map((nodes) => {
      const byKey = new Map(nodes.map((node) => [node.key, node]));
      return nodes.filter(
        ({ status, dependsOn }) =>
          status !== "READY" || dependsOn.every((key) => byKey.get(key)?.status === "DONE"),
      );
    });
    fc.assert(
      fc.property(possible, (nodes) => {
        for (const { from, to } of settle(nodes)) {
          expect(validateStateTransition("workstream", from.status, to.status)).toBeNull();
        }
      }),
    );
  });
});
