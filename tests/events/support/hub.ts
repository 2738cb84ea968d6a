import { onTestFinished } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { EventHub } from "../../../src/events/hub.ts";
import { createLocalWakeups } from "../../../src/events/local-wakeups.ts";
import { createEventLog } from "../../../src/events/log.ts";
import type { Wakeups } from "../../../src/events/wakeups.ts";
import { ProbedLog } from "./probed-log.ts";
import { LogWriter } from "./project-log.ts";

export interface TestHub {
  readonly hub: EventHub;
  readonly log: ProbedLog;
  readonly writer: LogWriter;
  readonly wakeups: Wakeups;
  /** What the hub had to warn of. */
  readonly warnings: unknown[];
}

/** So long that no test sees a poll that it has not asked for. */
const NEVER_MS = 2 ** 30;

/** A hub over that database, closed when the test is over. */
export function openHub(
  database: Database,
  {
    maxBehind = 1_000,
    wakeups = createLocalWakeups(),
    passes = () => false,
  }: { maxBehind?: number; wakeups?: Wakeups; passes?: (error: unknown) => boolean } = {},
): TestHub {
  const log = new ProbedLog(createEventLog(database.prisma));
  const warnings: unknown[] = [];
  const hub = new EventHub({
    log,
    wakeups,
    maxBehind,
    passes,
    pollMs: NEVER_MS,
    warn: (error) => warnings.push(error),
  });
  onTestFinished(() => hub.close());
  return { hub, log, wakeups, warnings, writer: new LogWriter(database, wakeups) };
}
