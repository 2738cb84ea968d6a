import type { EventType } from "./types.ts";

/** What an event is about. */
export const EVENT_SUBJECTS = [
  "STAGE",
  "GATE",
  "MILESTONE",
  "RISK",
  "ARTIFACT",
  "DISCUSSION",
  "RUN",
  "ESCALATION",
] as const;
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

/** The subjects that `stageEvents` carries: the journey itself. */
export const JOURNEY_SUBJECTS = ["STAGE", "GATE", "MILESTONE", "RISK"] as const satisfies EventSubject[];

/** Who made it happen. */
export const ACTORS = ["SYSTEM", "FOUNDER", "LLM", "AGENT"] as const;
export type Actor = (typeof ACTORS)[number];

/** JSON as the log stores it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Something that happened, before it has its place in the log. */
export interface NewEvent {
  readonly subject: EventSubject;
  /** The id of the thing that it is about: for a milestone, its stage configuration. */
  readonly subjectId: string;
  /** The run that it is about, and the workstream of it, if it is about one. */
  readonly runId?: string | null;
  readonly workstreamId?: string | null;
  readonly type: EventType;
  readonly fromState?: string | null;
  readonly toState?: string | null;
  readonly reason?: string | null;
  readonly detail?: JsonObject;
  /** Who made it happen, when it was not the command's caller: what follows by a rule is the system's doing. */
  readonly actor?: Actor;
}

/** An event with its place in its project's log. */
export interface LoggedEvent {
  readonly id: string;
  readonly projectId: string;
  /** 1, 2, 3 … per project, without a gap. */
  readonly sequence: number;
  readonly correlationId: string;
  readonly subject: EventSubject;
  readonly subjectId: string;
  readonly runId: string | null;
  readonly workstreamId: string | null;
  readonly type: string;
  readonly fromState: string | null;
  readonly toState: string | null;
  readonly actor: Actor;
  readonly reason: string | null;
  readonly detail: JsonValue;
  readonly createdAt: Date;
  readonly hash: string;
}
