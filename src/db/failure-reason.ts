/**
 * What the database said was wrong, in one line: Prisma surrounds it with the call that failed, and the schema engine with a
 * trace of its own source.
 */
export function failureReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const ofRawQuery = /Message: `([^`]*)`/.exec(message)?.[1];
  const lines = (ofRawQuery ?? message.replace(/\n +0: [\s\S]*$/, "")).split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !/^Invalid `.*` invocation/.test(line))
    .join(" ")
    .replace(/^ERROR: /, "");
}
