import { createWakeups } from "./create-wakeups.ts";
import type { Wakeups } from "./wakeups.ts";

/** Wake-ups inside one process: all that the embedded database needs, since nobody else can open it. */
export function createLocalWakeups(): Wakeups {
  return createWakeups(null);
}
