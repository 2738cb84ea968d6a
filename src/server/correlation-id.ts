import { validate } from "uuid";

/**
 * The client's correlation id in lower case, a new one where it sent none, or null where it sent something else than a
 * UUID: it is stored with every event, so it is refused rather than replaced.
 */
export function correlationIdOf(sent: unknown, newId: () => string): string | null {
  if (sent === undefined) return newId();
  return typeof sent === "string" && validate(sent) ? sent.toLowerCase() : null;
}
