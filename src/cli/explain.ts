/** What went wrong in one message: a wrong setting, a held directory. The stack would hide what to do. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
