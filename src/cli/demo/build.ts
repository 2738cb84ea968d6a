import type { USUAL_STEPS } from "../../domain/run/state.ts";

/** A part of the build that the demo's agents work on. */
export interface Part {
  readonly key: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
}

/** What is built: an order page, in four parts. */
export const PARTS = [
  { key: "schema", title: "Tables for orders", dependsOn: [] },
  { key: "api", title: "Orders over the API", dependsOn: ["schema"] },
  { key: "payments", title: "Payments", dependsOn: ["schema"] },
  { key: "page", title: "The order page", dependsOn: ["api", "payments"] },
] as const satisfies readonly Part[];

export type StepName = (typeof USUAL_STEPS)[number]["name"];

/** What goes wrong: the same thing again and again, until a person has answered. */
const TROUBLE = { key: "payments", step: "runtime", errorCode: "ECONNREFUSED" } as const;

/** Chance that is the same for the same seed. (mulberry32, by Tommy Ettinger, public domain) */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a step ends that an agent has tried. */
export type StepEnd =
  | { readonly ok: true }
  | { readonly ok: false; readonly errorCode: string; readonly message: string };

/**
 * What comes of a step. The message is another one each time, as real ones are: what differs in it is what the server
 * leaves out when it tells whether a failure is the same.
 * @param isAnswered whether a person has answered the question about it
 */
export function endOfStep(key: string, step: StepName, isAnswered: boolean, chance: () => number): StepEnd {
  if (isAnswered || key !== TROUBLE.key || step !== TROUBLE.step) return { ok: true };
  const ms = 20 + Math.floor(chance() * 400);
  const test = 1 + Math.floor(chance() * 90);
  const message = `connect ECONNREFUSED 127.0.0.1:8443 after ${ms} ms: the payment sandbox does not answer\n    at checkout (tests/payments-${test}.test.ts:${test}:11)`;
  return { ok: false, errorCode: TROUBLE.errorCode, message };
}
