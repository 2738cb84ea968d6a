/** Runs something at a moment. Tests pass one that they wind by hand. */
export interface Timer {
  /** Returns a function that cancels it. A moment in the past runs soon. */
  at(when: Date, run: () => void): () => void;
}

/** setTimeout fires at once for anything longer than this (24.8 days). */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The real timer. It does not keep the process alive. */
export const systemTimer: Timer = {
  at(when, run) {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const delay = when.getTime() - Date.now();
      handle = setTimeout(delay > MAX_DELAY_MS ? arm : run, Math.min(Math.max(delay, 0), MAX_DELAY_MS));
      handle.unref();
    };
    arm();
    return () => clearTimeout(handle);
  },
};
