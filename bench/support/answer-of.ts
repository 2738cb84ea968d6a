import type { Asked } from "./compared-reads.ts";
import { check } from "./run-bench.ts";

/**
 * A server's answer to a read.
 * @throws unless it is answered with 200 and without errors
 */
export async function answerOf(url: string, { path, body }: Asked): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}${path}`, { method: "POST", headers, body });
  const text = await response.text();
  check(
    response.status === 200 && !text.includes('"errors"'),
    `${url} answers ${body} with ${response.status}: ${text}`,
  );
  return text;
}
