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

/** What a server managed. */
interface Managed {
  readonly answer: string;
  /** Answers per second, round by round. */
  readonly perSecond: number[];
  /** Milliseconds of each answer, of all rounds. */
  readonly times: number[];
}

/**
 * Asks two servers in turn, round by round, so that what else the machine does meets both; the first round warms up
 * and does not count.
 */
export async function alternated(
  [ours, theirs]: readonly [ours: Asking, theirs: Asking],
  { connections, rounds, seconds, warmUpSeconds }: Rounds,
): Promise<readonly [ours: Managed, theirs: Managed]> {
  const pair = [await start(ours), await start(theirs)] as const;
  for (let round = 0; round <= rounds; round += 1) {
    for (const { url, asked, managed } of pair) {
      const duration = round === 0 ? warmUpSeconds : seconds;
      const { perSecond, times } = await load(url, asked, managed.answer, connections, duration);
      if (round === 0) continue;
      managed.perSecond.push(perSecond);
      for (const ms of times) managed.times.push(ms);
    }
  }
  return [pair[0].managed, pair[1].managed];
}

async function start({ url, asked }: Asking): Promise<Asking & { managed: Managed }> {
  return { url, asked, managed: { answer: await answerOf(url, asked), perSecond: [], times: [] } };
}
