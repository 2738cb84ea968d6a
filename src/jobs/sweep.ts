import type { DueRow } from "../domain/due.ts";

/** Looks for overdue or abandoned work, again and again. Every process that runs jobs does: two looks at once do no harm. */
export interface Sweep {
  /** Its name in the log and in the metrics. */
  readonly name: string;
  /** Longest elapsed time between two looks, in seconds. */
  readonly everySeconds: number;
  /**
   * Deals with everything that is due by the clock, and with `elapsed`: rows whose time has passed although the clock, which
   * was set back, does not say so. Returns how much there was.
   */
  readonly look: (elapsed: readonly DueRow[]) => Promise<number>;
  /** Logs how much a look has found, when there was something. */
  readonly tell: (found: number) => void;
  /** Rows that become due after that moment, the earliest first, up to a limit. Absent where no row says when to look. */
  readonly upcoming?: (after: Date, limit: number) => Promise<readonly DueRow[]>;
}
