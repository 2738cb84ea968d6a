import { describe, expect, test } from "vitest";
import {
  allowedStates,
  type EntityType,
  MACHINES,
  type Machine,
  machineDiagram,
  validateStateTransition,
} from "../../../src/domain/run/machine.ts";
import { WORKING_STATES } from "../../../src/domain/run/state.ts";
import { everyCombination } from "../support.ts";

/** Every state with the states that it can be left for; the order is that of the table. */
const MOVES: Record<EntityType, Record<string, string[]>> = {
  run: {
    PENDING: ["RUNNING", "FAILED", "ABANDONED"],
    RUNNING: ["COMPLETED", "FAILED", "PARTIAL", "ABANDONED"],
    COMPLETED: [],
    FAILED: [],
    PARTIAL: [],
    ABANDONED: [],
  },
  workstream: {
    PENDING: ["READY", "BLOCKED", "FAILED", "ABANDONED"],
    READY: ["BLOCKED", "EDITING", "FAILED", "ABANDONED"],
    EDITING: ["STATIC_CHECK", "READY", "BLOCKED", "FAILED", "ABANDONED"],
    STATIC_CHECK: ["FIXING", "READY", "BLOCKED", "FAILED", "ABANDONED"],
    FIXING: ["STATIC_CHECK", "RUNTIME_CHECK", "READY", "BLOCKED", "FAILED", "ABANDONED"],
    RUNTIME_CHECK: ["DONE", "READY", "BLOCKED", "FAILED", "ABANDONED"],
    DONE: [],
    FAILED: [],
    BLOCKED: ["PENDING", "READY", "FAILED", "ABANDONED"],
    ABANDONED: [],
  },
};

describe.each(Object.keys(MOVES) as EntityType[])("the %s machine", (entityType) => {
  const machine: Machine = MACHINES[entityType];
  const moves = MOVES[entityType];
  const states = Object.keys(moves);

  test("has exactly these states", () => {
    expect(machine.states.map(({ name }) => name)).toEqual(states);
  });

  test.each(
    everyCombination({ from: states, to: states }),
  )("$from → $to is legal exactly where the table says so", ({ from, to }) => {
    const allowed = moves[from] ?? [];
    const rejection = validateStateTransition(entityType, from, to);
    if (allowed.includes(to)) return expect(rejection).toBeNull();
    const terminal = allowed.length === 0;
    expect(rejection).toMatchObject({
      rule: terminal ? "TERMINAL_STATE" : "ILLEGAL_TRANSITION",
      from,
      to,
      allowed,
      message: expect.stringContaining(`From ${from} to ${to}.`),
    });
  });

  test("holds each move once", () => {
    const pairs = machine.transitions.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs.length).toBe(Object.values(moves).flat().length);
  });

  test("leaves no terminal state, and can leave every other", () => {
    for (const { name, terminal } of machine.states) {
      expect(allowedStates(entityType, name).length === 0).toBe(terminal);
    }
  });

  test("can reach every state from its first", () => {
    const reached = new Set([states[0] ?? ""]);
    for (const state of reached) for (const next of moves[state] ?? []) reached.add(next);
    expect([...reached].sort()).toEqual(states.toSorted());
  });

  test("knows no other states", () => {
    expect(validateStateTransition(entityType, "NOWHERE", states[0] ?? "")).toMatchObject({
      rule: "ILLEGAL_TRANSITION",
      allowed: [],
    });
    expect(validateStateTransition(entityType, states[0] ?? "", "__proto__")).not.toBeNull();
  });

  test("is drawn with every state and every move", () => {
    const lines = machineDiagram(machine).split("\n");
    expect(lines.slice(0, 1)).toEqual(["stateDiagram-v2"]);
    expect(lines.filter((line) => line.startsWith("  state "))).toHaveLength(states.length);
    const drawn = lines.flatMap(
      (line) => /^ {2}([A-Z_]+) --> ([A-Z_]+): /.exec(line)?.slice(1).join(" ") ?? [],
    );
    expect(drawn.toSorted()).toEqual(
      Object.entries(moves)
        .flatMap(([from, allowed]) => allowed.map((to) => `${from} ${to}`))
        .toSorted(),
    );
  });
});

test("a claim is the only way into the work, and a release leads back to READY", () => {
  const { transitions } = MACHINES.workstream;
  const working: readonly string[] = WORKING_STATES;
  const entering = transitions.filter(({ from, to }) => !working.includes(from) && working.includes(to));
  expect(entering).toEqual([{ from: "READY", to: "EDITING", trigger: "CLAIM" }]);
  expect(transitions.filter(({ trigger }) => trigger === "RELEASE")).toEqual(
    WORKING_STATES.map((from) => ({ from, to: "READY", trigger: "RELEASE" })),
  );
});
