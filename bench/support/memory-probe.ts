// Loaded into the server before its own code (--import): tells the benchmark what memory it holds, after a
// collection, so that garbage does not count, the processor time that it has used, or how long its event loop has kept others
// waiting. The server itself knows nothing of it.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { answerParent } from "./ask.ts";

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (how: object) => void;
/** Gives back to the system also the pages that V8 keeps for those that it will need next: 0 to 150 MB, which come and go. */
const THOROUGHLY = { type: "major", execution: "sync", flavor: "last-resort" };

/** By how much a timer was late, in milliseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * What the benchmark asks for. "rss" is what the process has now, in bytes; nothing is collected for it. "delay" tells of the time
 * since it was asked for the last time; first, it begins to watch.
 */
export type Probed = "memory" | "rss" | "cpu" | "delay";

/** Milliseconds. A timer is set for as long: what Node measures is that and by how much it was late. */
const RESOLUTION = 1;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION });

function loopDelay(): LoopDelay {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  const found = {
    p50: late(delays.percentile(50)),
    p99: late(delays.percentile(99)),
    max: late(delays.max),
  };
  delays.enable();
  delays.reset();
  return found;
}

answerParent((question: Probed): Memory | LoopDelay | number => {
  if (question === "cpu") {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
  if (question === "delay") return loopDelay();
  if (question === "rss") return process.memoryUsage.rss();
  collect(THOROUGHLY);
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
});
// Listening must not keep a server alive that has drained.
process.channel?.unref();
