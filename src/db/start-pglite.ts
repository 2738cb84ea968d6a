import { PGlite } from "@electric-sql/pglite";

/** PostgreSQL cannot start on the files of a directory; the message says why, in its own words. */
export class DatabaseDamagedError extends Error {
  override readonly name = "DatabaseDamagedError";
}

/** What PostgreSQL writes to its log: the time, the process, how bad it is and what it is. */
const LOG_LINE = /^.*\[\d+\] (?<level>[A-Z]+): {2}(?<text>.*)$/;

/** What ends a start, and the lines that explain it. */
const REASONS: ReadonlySet<string> = new Set(["FATAL", "PANIC", "DETAIL"]);

/**
 * Starts PostgreSQL on the files of a database.
 * @throws DatabaseDamagedError when it cannot: another version's files, damaged ones, or a configuration with errors. PGlite
 * itself says only that something failed; the reason is in PostgreSQL's log.
 */
export async function startPglite(directory: string): Promise<PGlite> {
  const reasons: string[] = [];
  const onStderr = (line: string) => {
    const { level = "", text = "" } = LOG_LINE.exec(line.trimEnd())?.groups ?? {};
    if (REASONS.has(level)) reasons.push(text.replace(/\.$/, ""));
    return false;
  };
  try {
    return await PGlite.create(directory, { onStderr });
  } catch (error) {
    const reason = reasons.join(": ") || (error instanceof Error ? error.message : String(error));
    throw new DatabaseDamagedError(
      `PostgreSQL cannot start on the files in ${directory}: ${reason}. Restore a backup, use the version of Gatehouse ` +
        "that made them, or set PIPELINE_DB_PATH to another directory.",
      { cause: error },
    );
  }
}
