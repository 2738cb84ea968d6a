import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dependencyOrder, findCycle, graphIssues, MAX_DEPENDENCIES } from "../../../src/domain/run/graph.ts";
import { anyDag, anyGraph, graph } from "./graphs.ts";

describe("graphIssues", () => {
  test.each<[string, string[], [path: string, message: RegExp][]]>([
    ["nothing in an empty graph", [], []],
    ["nothing in a diamond", ["a", "b: a", "c: a", "d: b c"], []],
    ["nothing in a graph given backwards", ["d: b c", "c: a", "b: a", "a"], []],
    ["a key that is given twice", ["a", "b", "a"], [["workstreams.2.key", /"a" is given twice/]]],
    ["what is not there", ["a: x"], [["workstreams.0.dependsOn.0", /no workstream "x"/]]],
    [
      "a dependency on itself",
      ["a", "b: a b"],
      [["workstreams.1.dependsOn.1", /"b" cannot depend on itself/]],
    ],
    ["a dependency that is given twice", ["a", "b: a a"], [["workstreams.1.dependsOn.1", /given twice/]]],
    [
      "everything that is wrong, but a cycle only in what is whole",
      ["a: b x", "b: a", "b"],
      [
        ["workstreams.2.key", /given twice/],
        ["workstreams.0.dependsOn.1", /no workstream/],
      ],
    ],
    ["a cycle of two", ["a: b", "b: a"], [["workstreams", /circle: a → b → a/]]],
    [
      "a cycle behind a way into it",
      ["way: in", "in: a", "a: b", "b: c", "c: a"],
      [["workstreams", /circle: a → b → c → a/]],
    ],
  ])("tells %s", (_name, lines, expected) => {
    const issues = graphIssues(graph(...lines));
    expect(issues).toHaveLength(expected.length);
    expected.forEach(([path, message], index) => {
      expect(issues[index]?.path).toBe(path);
      expect(issues[index]?.message).toMatch(message);
    });
  });

  test("tells too many dependencies", () => {
    const keys = Array.from({ length: 150 }, (_, index) => `w${index}`);
    const nodes = keys.map((key, index) => ({ key, dependsOn: keys.slice(0, index) }));
    expect(nodes.flatMap(({ dependsOn }) => dependsOn).length).toBeGreaterThan(MAX_DEPENDENCIES);
    expect(graphIssues(nodes)).toMatchObject([{ path: "workstreams" }]);
  });

  test("shortens a long circle", () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) => ({
      key: `w${index}`,
      dependsOn: [`w${(index + 1) % 1_000}`],
    }));
    const [issue] = graphIssues(nodes);
    expect(issue?.message).toMatch(/^the dependencies go in a circle: w0 → w1 .* … .* → w0$/);
    expect(issue?.message.length).toBeLessThan(200);
  });
});

describe("the order of dependencies", () => {
  test("holds every workstream once, after all that it depends on", () => {
    fc.assert(
      fc.property(anyDag(), (nodes) => {
        const order = dependencyOrder(nodes);
        expect(order.toSorted()).toEqual(nodes.map(({ key }) => key).toSorted());
        for (const { key, dependsOn } of nodes) {
          for (const dependency of dependsOn)
            expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(key));
        }
        expect(findCycle(nodes)).toBeNull();
      }),
    );
  });

  test("of any graph leaves out exactly what lies on or behind a cycle, and a cycle is one", () => {
    fc.assert(
      fc.property(anyGraph(), (nodes) => {
        const cycle = findCycle(nodes);
        expect(dependencyOrder(nodes).length < nodes.length).toBe(cycle !== null);
        if (!cycle) return;
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle.at(-1)).toBe(cycle[0]);
        for (let index = 0; index + 1 < cycle.length; index += 1) {
          const node = nodes.find(({ key }) => key === cycle[index]);
          expect(node?.dependsOn).toContain(cycle[index + 1]);
        }
      }),
    );
  });
});
