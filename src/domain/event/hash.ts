import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { LoggedEvent } from "./event.ts";

/** What the first event of every project is chained to. */
export const GENESIS_HASH = "0".repeat(64);

/**
 * SHA-256, in hex, over the previous event's hash and the event's own canonical JSON (RFC 8785): changing,
 * dropping or reordering any stored event breaks the chain from there on.
 *
 * The run and the workstream are part of it only where there is one, so that events from before there were
 * runs keep their hashes.
 */
export function hashEvent(previousHash: string, event: Omit<LoggedEvent, "hash">): string {
  const { id, projectId, sequence, correlationId, subject, subjectId, type } = event;
  const { runId, workstreamId } = event;
  const { fromState, toState, actor, reason, detail } = event;
  const canonical = canonicalJson({
    id,
    projectId,
    sequence,
    correlationId,
    subject,
    subjectId,
    ...(runId !== null && { runId }),
    ...(workstreamId !== null && { workstreamId }),
    type,
    fromState,
    toState,
    actor,
    reason,
    detail,
    createdAt: event.createdAt.toISOString(),
  });
  return createHash("sha256").update(previousHash).update(canonical).digest("hex");
}

/** SHA-256, in hex, of a value's canonical JSON: equal for equal values, whatever the order of their keys. */
export function hashJson(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** RFC 8785. @throws TypeError for what JSON cannot hold */
function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("There is no JSON of this value to hash");
  return text;
}
