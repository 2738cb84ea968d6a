import { z } from "zod";
import { defineJob } from "../../src/jobs/define-job.ts";
import type { Cadence } from "../../src/jobs/open-boss.ts";

/** As fast as pg-boss lets it be. */
export const QUICK: Cadence = { pollSeconds: 0.5, supervisionSeconds: 1 };

export const note = defineJob({
  name: "note",
  data: z.object({ n: z.number().int() }),
  options: { retries: 2, retryDelaySeconds: 0, timeoutSeconds: 1 },
});

/** For a process that is killed at it: its time must not be up before that. */
export const hanging = defineJob({
  name: "hanging",
  data: z.object({ n: z.number().int() }),
  options: { retryDelaySeconds: 0, timeoutSeconds: 3 },
});

interface Line {
  readonly level: "info" | "warn" | "error";
  readonly detail: object;
  readonly message: string;
}

/** A log that can be read back. */
export function recordLog() {
  const lines: Line[] = [];
  const write = (level: Line["level"]) => (detail: object, message: string) => {
    lines.push({ level, detail, message });
  };
  return { lines, log: { info: write("info"), warn: write("warn"), error: write("error") } };
}

/** What happened, in order, for a test to wait for. */
export function happenings<T>() {
  const all: T[] = [];
  let changed = Promise.withResolvers<void>();
  return {
    all,
    add(item: T) {
      all.push(item);
      changed.resolve();
      changed = Promise.withResolvers();
    },
    /** Resolves when it holds for what has happened; a test that waits in vain runs into its time limit. */
    async until(holds: (all: readonly T[]) => boolean): Promise<void> {
      while (!holds(all)) await changed.promise;
    },
  };
}
