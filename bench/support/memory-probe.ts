// Loaded into the server before its own code (--import): tells the benchmark what memory it holds, after a
// collection, so that garbage does not count, or the processor time that it has used. The server itself knows nothing of it.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { answerParent } from "./ask.ts";

export interface Memory {
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the benchmark asks for. */
export type Probed = "memory" | "cpu";

answerParent((question: Probed): Memory | number => {
  if (question === "cpu") {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
  collect();
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
});
// Listening must not keep a server alive that has drained.
process.channel?.unref();
