import { MEMBER_EVENT_TYPES } from "../account/events.ts";
import { ARTIFACT_EVENT_TYPES } from "../artifact/events.ts";
import { DISCUSSION_EVENT_TYPES } from "../discussion/events.ts";
import { ESCALATION_EVENT_TYPES } from "../escalation/events.ts";
import { RUN_EVENT_TYPES } from "../run/events.ts";
import { JOURNEY_EVENT_TYPES } from "../stage/events.ts";

/** The types of all events, each with what it tells. Every context lists its own. */
export const EVENT_TYPES = {
  ...JOURNEY_EVENT_TYPES,
  ...ARTIFACT_EVENT_TYPES,
  ...DISCUSSION_EVENT_TYPES,
  ...RUN_EVENT_TYPES,
  ...MEMBER_EVENT_TYPES,
  ...ESCALATION_EVENT_TYPES,
} as const;
export type EventType = keyof typeof EVENT_TYPES;
