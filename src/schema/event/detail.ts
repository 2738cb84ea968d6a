import type { JsonValue } from "../../domain/event/event.ts";
import { encodeId, type IdPrefix } from "../ids.ts";

/** The keys under which a detail, or the input that a refusal's detail repeats, names a thing. */
const NAMES: ReadonlyMap<string, IdPrefix> = new Map([
  ["user", "user"],
  ["userId", "user"],
  ["invitation", "invitation"],
  ["invitationId", "invitation"],
  ["keyId", "key"],
  ["discussion", "discussion"],
  ["discussionId", "discussion"],
  ["round", "round"],
  ["message", "message"],
  ["annotation", "annotation"],
  ["annotationId", "annotation"],
  ["escalation", "escalation"],
]);

/** These hold what people and agents have written, under whatever keys: none of it is an id of ours. */
const OWN_WORDS: ReadonlySet<string> = new Set(["risk_change", "run_event"]);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * An event's detail as clients see it: what names a thing is its API id, `user_…`. The log holds UUIDs, which the event's
 * hash covers, so this is done whenever a detail is read, for old events and new ones alike.
 */
export function detailOf({ type, detail }: { readonly type: string; readonly detail: unknown }): JsonValue {
  return OWN_WORDS.has(type) ? (detail as JsonValue) : withIds(detail as JsonValue);
}

function withIds(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, part]): [string, JsonValue] => {
    if (key === "input") return [key, withIds(part)];
    const prefix = typeof part === "string" && UUID.test(part) ? NAMES.get(key) : undefined;
    return [key, prefix ? encodeId(prefix, part as string) : part];
  });
  return Object.fromEntries(entries);
}
