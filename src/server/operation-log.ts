import type { Logger } from "pino";
import type { Outcome } from "./metrics.ts";

/** What the log says of an operation at its end. */
export interface OperationLine {
  readonly correlationId: string;
  /** Undefined for a request that was refused before there was an operation. */
  readonly operation: string | undefined;
  readonly outcome: Outcome;
  /** The HTTP status; undefined on a WebSocket. */
  readonly status: number | undefined;
  /** From request to answer, in milliseconds. */
  readonly ms: number;
}

export type OperationLog = (line: OperationLine) => void;

/**
 * Writes one line per operation. All that a line holds is named above and nothing of it is a secret, so it is not searched for
 * any: that would cost as much again as the line itself.
 */
export function createOperationLog(log: Logger): OperationLog {
  const lines = log.child({}, { redact: [] });
  return (line) => lines.info(line, "operation");
}
