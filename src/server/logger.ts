import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";

/** A last defence: nothing logs a token or variables on purpose. */
const REDACTED = ["token", "authorization", "variables", "headers.authorization", "*.headers.authorization"];

/**
 * The process's logger: JSON lines, or readable ones when they go to a terminal.
 * @param destination where to write instead of stdout (JSON).
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, redact: REDACTED, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (destination) return pino(options, destination);
  if (process.stdout.isTTY) return pino({ ...options, transport: { target: "pino-pretty" } });
  return pino(options);
}
