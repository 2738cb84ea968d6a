/** The command line asks for something that there cannot be: exit code 2. The message says what is expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
