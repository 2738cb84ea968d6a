import { fromString, getType, toUUID } from "typeid-js";
import { ValidationError } from "../domain/errors.ts";
import { base32 } from "./base32.ts";

/** The prefixes of the ids that clients see. */
export type IdPrefix =
  | "user"
  | "project"
  | "stage"
  | "gate"
  | "event"
  | "risk"
  | "artifact"
  | "annotation"
  | "discussion"
  | "round"
  | "message"
  | "consensus"
  | "run"
  | "workstream"
  | "attempt"
  | "error"
  | "lease"
  | "invitation"
  | "key"
  | "escalation";

/** "project_01h…": the prefix and the UUID in base32. */
export function encodeId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${base32(uuid)}`;
}

/** The prefix and the UUID of an id; null when it is not one. */
export function parseId(id: string): { prefix: string; uuid: string } | null {
  try {
    const typeId = fromString(id);
    return { prefix: getType(typeId), uuid: toUUID(typeId) };
  } catch {
    return null;
  }
}

/**
 * The UUID of an id of that type.
 *
 * @param path where in the input it stands, for the error
 * @throws ValidationError for anything else, such as an id of another type
 */
export function decodeId(prefix: IdPrefix, id: string, path: string): string {
  const parsed = parseId(id);
  if (parsed?.prefix === prefix) return parsed.uuid;
  throw new ValidationError([{ path, message: `must be the id of a ${prefix}: "${prefix}_…"` }]);
}
