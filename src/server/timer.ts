/** Runs something at a moment. Tests pass one that they wind by hand. */
export interface Timer {
  /** Returns a function that cancels it. A moment in the past runs soon. */
  at(when: Date, run: () => void): () => void;
}

/**
 * The longest single wait. setTimeout does not count the time that the machine sleeps, does not follow a wall clock that
 * is set, and fires at once for anything longer than 24.8 days: so the clock is looked at again this often.
 */
export const LONGEST_WAIT_MS = 1_000;

/** The real timer, by the wall clock: late by at most `LONGEST_WAIT_MS` after a sleep. It does not keep the process alive. */
export const systemTimer: Timer = {
  at(when, run) {
    let handle: NodeJS.Timeout;
    const check = () => (when.getTime() > Date.now() ? arm() : run());
    const arm = () => {
      const delay = when.getTime() - Date.now();
      handle = setTimeout(check, Math.min(Math.max(delay, 0), LONGEST_WAIT_MS));
      handle.unref();
    };
    arm();
    return () => clearTimeout(handle);
  },
};
