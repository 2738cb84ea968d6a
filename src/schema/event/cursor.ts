import { formatPrismaCursor } from "@pothos/plugin-prisma";
import { validate as isUuid } from "uuid";
import { decodeCursor } from "../pages.ts";

/** A place in a project's log: after that event. The sequence 0 is before the first one. */
export interface LogPosition {
  readonly projectId: string;
  readonly sequence: number;
}

/** The cursor of a place in a log: the same in `events`, on every event, and for subscriptions. */
export function encodePosition({ projectId, sequence }: LogPosition): string {
  return formatPrismaCursor({ projectId, sequence }, ["projectId", "sequence"]);
}

/** The place that a cursor names; null when it is not a cursor of a log. */
export function decodePosition(cursor: string): LogPosition | null {
  const decoded = decodeCursor(cursor);
  if (!isPosition(decoded)) return null;
  const [projectId, sequence] = decoded;
  return { projectId, sequence };
}

export function isPosition(decoded: unknown): decoded is [projectId: string, sequence: number] {
  if (!Array.isArray(decoded) || decoded.length !== 2) return false;
  const [projectId, sequence] = decoded;
  // PostgreSQL's integer ends there: a larger number is no cursor that we gave out.
  return isUuid(projectId) && Number.isInteger(sequence) && sequence >= 0 && sequence < 2 ** 31;
}

/** Whether that is a place in the list of this parent. */
export async function isPositionIn(decoded: unknown, { id }: { readonly id: string }): Promise<boolean> {
  return isPosition(decoded) && decoded[0] === id;
}
