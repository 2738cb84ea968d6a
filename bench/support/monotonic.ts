/** Milliseconds of the machine's monotonic clock: on Linux one clock for all processes, so times of two may be compared. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
