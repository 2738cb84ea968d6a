import { failureReason } from "../db/failure-reason.ts";

/** What went wrong in one message: a wrong setting, a held directory. The stack would hide what to do. */
export function explain(error: unknown): string {
  if (error instanceof Error && error.name.startsWith("PrismaClient")) {
    return `The database refused an operation: ${failureReason(error)}.`;
  }
  return error instanceof Error ? error.message : String(error);
}
