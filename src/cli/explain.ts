import { failureReason } from "../db/failure-reason.ts";
import { plainLines } from "../domain/plain-line.ts";

/**
 * What went wrong in one message: a wrong setting, a held directory. The stack would hide what to do. What a server says
 * may hold anybody's text, which cannot steer the terminal.
 */
export function explain(error: unknown): string {
  if (error instanceof Error && error.name.startsWith("PrismaClient")) {
    return `The database refused an operation: ${plainLines(failureReason(error))}.`;
  }
  return plainLines(error instanceof Error ? error.message : String(error));
}
