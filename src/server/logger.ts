import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";
import { escapeUnseen } from "../domain/plain-line.ts";
import { isoTime } from "../iso-time.ts";
import { openLogDestination } from "./log-destination.ts";

/** A last defence: nothing logs a token or variables on purpose. */
const REDACTED = ["token", "authorization", "variables", "headers.authorization", "*.headers.authorization"];

/** pino's own way of writing it takes a third of what a line of an operation costs. */
const timestamp = () => `,"time":"${isoTime(new Date())}"`;

/**
 * The process's logger: JSON lines, or readable ones when they go to a terminal.
 * @param destination where to write instead of stdout (JSON).
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: REDACTED,
    base: null,
    timestamp,
    // An error may quote anybody's text.
    hooks: { streamWrite: escapeUnseen },
  };
  if (destination) return pino(options, destination);
  if (process.stdout.isTTY) {
    const hooks = { streamWrite: escapeTwice };
    return pino({ ...options, hooks, transport: { target: "pino-pretty" } });
  }
  const onLost = (lines: number) => log.warn({ lines }, "log lines were lost: their reader is too slow");
  const log = pino(options, openLogDestination(process.stdout.fd, onLost));
  return log;
}

/** What readable lines print as it is would steer the terminal: its escapes are escaped, so that they are printed instead. */
export function escapeTwice(json: string): string {
  return escapeUnseen(json).replace(/\\(?:u[\da-f]{4}|[^u])/g, (sequence) =>
    /^\\(?:u|[bfr])/.test(sequence) ? `\\${sequence}` : sequence,
  );
}
