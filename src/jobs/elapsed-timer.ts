/** Measures elapsed time, which a change of the machine's clock does not affect. Tests pass one that they advance by hand. */
export interface ElapsedTimer {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Runs something after that many milliseconds, at most 24 days. Returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The machine's monotonic clock. It does not keep the process alive. */
export const systemElapsed: ElapsedTimer = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const handle = setTimeout(run, milliseconds);
    handle.unref();
    return () => clearTimeout(handle);
  },
};
