import { STAGES, type StageNumber } from "./stage.ts";

/** FORWARD needs the guards of a gate; BACKWARD is a step back that is always open to an active project. */
export type TransitionKind = "FORWARD" | "BACKWARD";

export interface StageTransition {
  readonly from: StageNumber;
  readonly to: StageNumber;
  readonly kind: TransitionKind;
}

/**
 * The stage machine: every move that exists. Guards, the API's `stageMachine`, the docs and the diagram are
 * made from this table; a move that is not in it is refused. (Rules: the state-machine brief; DESIGN §1.)
 */
export const STAGE_MACHINE: readonly StageTransition[] = [
  { from: 0, to: 1, kind: "FORWARD" },
  { from: 1, to: 2, kind: "FORWARD" },
  { from: 2, to: 3, kind: "FORWARD" },
  { from: 3, to: 4, kind: "FORWARD" },
  { from: 2, to: 1, kind: "BACKWARD" },
  { from: 3, to: 2, kind: "BACKWARD" },
  { from: 3, to: 1, kind: "BACKWARD" },
  { from: 4, to: 3, kind: "BACKWARD" },
  { from: 4, to: 2, kind: "BACKWARD" },
  { from: 4, to: 1, kind: "BACKWARD" },
  { from: 5, to: 4, kind: "BACKWARD" },
  { from: 5, to: 3, kind: "BACKWARD" },
  { from: 5, to: 2, kind: "BACKWARD" },
  { from: 5, to: 1, kind: "BACKWARD" },
];

/** The move between two stages, if there is one. */
export function findTransition(from: StageNumber, to: StageNumber): StageTransition | undefined {
  return STAGE_MACHINE.find((transition) => transition.from === from && transition.to === to);
}

/** The machine as a Mermaid state diagram. */
export function stageMachineDiagram(): string {
  const states = STAGES.map(({ name, title }) => `  state "${title}" as ${name}`);
  const moves = STAGE_MACHINE.map(
    ({ from, to, kind }) => `  ${STAGES[from].name} --> ${STAGES[to].name}: ${kind.toLowerCase()}`,
  );
  return ["stateDiagram-v2", ...states, `  [*] --> ${STAGES[0].name}`, ...moves].join("\n");
}
