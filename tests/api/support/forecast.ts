import type { GuardRule } from "../../generated/graphql.ts";
import { send } from "../../support/client.ts";
import type { State } from "./walk.ts";

/** One move or decision that a state tells of: what it says, and the command that it speaks about. */
export interface Forecast {
  /** Such as move:MVP_BUILT or decide:PARK. */
  readonly name: string;
  readonly allowed: boolean;
  readonly rules: readonly GuardRule[];
  readonly command: string;
}

const REFUSED = "__typename ... on GuardRejectedError { rule }";

/** All that a state says about what could happen next. */
export function forecastsOf({ id, stageTransitions, gates }: State): Forecast[] {
  return [
    ...stageTransitions.map(({ to, allowed, blockers }) => ({
      name: `move:${to}`,
      allowed,
      rules: blockers.map(({ rule }) => rule),
      command: `transitionStage(input: { projectId: "${id}", to: ${to} }) { ${REFUSED} }`,
    })),
    ...gates.nodes.flatMap((gate) =>
      gate.options.map(({ decision, allowed, blockers }) => ({
        name: `decide:${decision}`,
        allowed,
        rules: blockers.map(({ rule }) => rule),
        command: `decideGate(input: { gateId: "${gate.id}", decision: ${decision} }) { ${REFUSED} }`,
      })),
    ),
  ];
}

/** Gives the commands one after the other, in one request, and returns their results in that order. */
export async function giveAll(
  url: string,
  forecasts: readonly Forecast[],
): Promise<{ readonly __typename: string; readonly rule?: GuardRule }[]> {
  if (forecasts.length === 0) return [];
  const fields = forecasts.map(({ command }, index) => `f${index}: ${command}`);
  const { data, errors } = await send(url, `mutation { ${fields.join(" ")} }`);
  if (errors || !data) throw new Error(`The commands failed: ${JSON.stringify(errors)}`);
  return Object.values(data);
}
