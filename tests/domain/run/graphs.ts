import fc from "fast-check";
import type { GraphNode } from "../../../src/domain/run/graph.ts";

/** A graph given as text: "b: a" is b, which depends on a. */
export function graph(...lines: readonly string[]): GraphNode[] {
  return lines.map((line) => {
    const [key = "", rest = ""] = line.split(":");
    return { key, dependsOn: rest.split(" ").filter((dependency) => dependency !== "") };
  });
}

/** Any graph of up to 8 without cycles, in any order. */
export function anyDag(): fc.Arbitrary<GraphNode[]> {
  return fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, index) =>
          fc.subarray(Array.from({ length: index }, (_unused, earlier) => `w${earlier}`)),
        ),
      ),
    )
    .map((edges) => edges.map((dependsOn, index) => ({ key: `w${index}`, dependsOn })))
    .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }));
}

/** Any graph of up to 6, with or without cycles, and no edge from a node to itself. */
export function anyGraph(): fc.Arbitrary<GraphNode[]> {
  return fc
    .integer({ min: 1, max: 6 })
    .chain((size) => {
      const keys = Array.from({ length: size }, (_, index) => `w${index}`);
      return fc.tuple(...keys.map((key) => fc.subarray(keys.filter((other) => other !== key))));
    })
    .map((edges) => edges.map((dependsOn, index) => ({ key: `w${index}`, dependsOn })));
}
