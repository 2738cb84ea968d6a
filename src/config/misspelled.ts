import { ConfigError, type Env } from "./read.ts";

/** A name within this many edits of a variable's is taken for it: two letters swapped are two edits. */
const MAX_EDITS = 2;

/**
 * Refuses names that look like one of these variables, misspelled or with something added (`AUTH_JWT_SECRET_FILE`): they
 * would be ignored, and nothing would say so. A name does no harm where the variable that it resembles is set.
 *
 * @throws ConfigError naming the variable that is there and the one that is meant
 */
export function refuseMisspelled(env: Env, variables: readonly string[]): void {
  const known = new Set(variables);
  for (const [name, value] of Object.entries(env)) {
    if (!value || known.has(name)) continue;
    const upper = name.toUpperCase();
    const meant = variables.find(
      (variable) => !env[variable] && (upper.startsWith(`${variable}_`) || isNear(upper, variable)),
    );
    if (meant === undefined) continue;
    throw new ConfigError(name, "Gatehouse has no such variable", `${meant}, or this one to be unset`);
  }
}

/** Whether one text becomes the other in at most `MAX_EDITS` insertions, deletions and replacements of a letter. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > MAX_EDITS) return false;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at++) {
      const replaced = (row[at - 1] ?? 0) + (letter === other[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[other.length] ?? 0) <= MAX_EDITS;
}
