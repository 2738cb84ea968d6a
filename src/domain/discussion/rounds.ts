import type { DiscussionType, RoundType } from "./states.ts";

/** The type of a discussion's round: the first is parallel, so that nobody is led by who spoke before. */
export function roundType(type: DiscussionType, roundNumber: number): RoundType {
  return type === "DISCUSS" && roundNumber > 1 ? "SEQUENTIAL" : "PARALLEL";
}

/**
 * The order in which models speak in a round. It moves on by one with every round, so that of as many rounds as there are
 * models each begins one and each ends one.
 */
export function speakingOrder(models: readonly string[], roundNumber: number): string[] {
  const first = (roundNumber - 1) % models.length;
  return [...models.slice(first), ...models.slice(0, first)];
}

/** How a discussion goes on when a round is over. */
export type NextStep =
  /** The models' consensus is summarised, then the next round may follow. */
  "SUMMARIZE" | "REST";

/** After a round: a DISCUSS that was held by its plan is summarised, so that it can end early. */
export function afterRound(round: {
  readonly discussion: DiscussionType;
  readonly failed: boolean;
  /** Whether the round was one of those that the discussion was started with. */
  readonly planned: boolean;
}): NextStep {
  return round.discussion === "DISCUSS" && round.planned && !round.failed ? "SUMMARIZE" : "REST";
}

/**
 * After a summary: whether the next of the planned rounds is held.
 *
 * @param score null when the summary came to nothing: then nothing says that the models agree
 */
export function continues(pendingRounds: number, score: number | null, threshold: number): boolean {
  return pendingRounds > 0 && (score === null || score < threshold);
}
