import autocannon from "autocannon";
import type { Asked } from "./compared-reads.ts";
import { check } from "./run-bench.ts";

export interface Load {
  readonly perSecond: number;
  /** Milliseconds of each answer. */
  readonly times: readonly number[];
}

/**
 * Asks a server the same again and again over some connections.
 * @throws when an answer is not, byte for byte, the expected one
 */
export async function load(
  url: string,
  { path, body }: Asked,
  expectBody: string,
  connections: number,
  duration: number,
): Promise<Load> {
  const times: number[] = [];
  const run = autocannon({
    url: `${url}${path}`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    connections,
    duration,
    expectBody,
  });
  run.on("response", (_client, _status, _bytes, ms) => times.push(ms));
  const { duration: seconds, errors, timeouts, non2xx, mismatches } = await run;
  const bad = { errors, timeouts, non2xx, mismatches };
  check(
    Object.values(bad).every((count) => count === 0) && times.length > 0,
    `Bad answers of ${url}${path}: ${JSON.stringify(bad)}`,
  );
  return { times, perSecond: times.length / seconds };
}
