import { answerOf } from "./answer-of.ts";
import type { Asked } from "./compared-reads.ts";
import { load } from "./load.ts";

/** A server and what it is asked. */
export interface Asking {
  readonly url: string;
  readonly asked: Asked;
}

export interface Rounds {
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/**
 * Asks servers in turn, round by round, so that what else the machine does meets all of them; the first round warms up
 * and does not count.
 * @returns answers per second of each, round by round
 */
export async function alternated(
  askings: readonly Asking[],
  { connections, rounds, seconds, warmUpSeconds }: Rounds,
): Promise<number[][]> {
  const answers = await Promise.all(askings.map(({ url, asked }) => answerOf(url, asked)));
  const perSecond = askings.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, { url, asked }] of askings.entries()) {
      const duration = round === 0 ? warmUpSeconds : seconds;
      const loaded = await load(url, asked, answers[at] ?? "", connections, duration);
      if (round > 0) perSecond[at]?.push(loaded.perSecond);
    }
  }
  return perSecond;
}
