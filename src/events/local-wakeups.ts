import { WakeupListeners, type Wakeups } from "./wakeups.ts";

/** Wake-ups inside one process: all that the embedded database needs, since nobody else can open it. */
export function createLocalWakeups(): Wakeups {
  const listeners = new WakeupListeners();
  return {
    publish: (wakeup) => listeners.wake(wakeup),
    publishDiscussion: (discussionId) => listeners.wakeDiscussion(discussionId),
    publishAccess: (userId) => listeners.wakeAccess(userId),
    listen: (listener) => listeners.add(listener),
    start: async () => {},
    stop: async () => {},
  };
}
