import type { ArtifactType as Kind } from "../../domain/artifact/type.ts";
import type { Actor, EventSubject } from "../../domain/event/event.ts";
import { STAGES, type StageNumber } from "../../domain/stage/stage.ts";
import { ArtifactType } from "../artifact/artifact.ts";
import { ArtifactTypeEnum } from "../artifact/enums.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { DiscussionType, RoundType } from "../discussion/discussion.ts";
import { MessageType } from "../discussion/message.ts";
import { encodeId } from "../ids.ts";
import { StageEnum } from "../stage/enums.ts";
import { GateType } from "../stage/gate.ts";
import { RiskType } from "../stage/risk.ts";
import { StageConfigType } from "../stage/stage-config.ts";
import { JSON_OBJECT, SHORT_TEXT } from "../weights.ts";
import { encodePosition } from "./cursor.ts";
import { detailOf } from "./detail.ts";
import { ActorEnum, EventSubjectEnum } from "./enums.ts";

export const EventInterface = builder.prismaInterface("Event", {
  description:
    "Something that happened. Events are never changed; a project's events have the sequences 1, 2, 3 … without a gap.",
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: ({ subject }) => EVENT_TYPES[subject as keyof typeof EVENT_TYPES],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: event_…", resolve: ({ id }) => encodeId("event", id) }),
    project: t.relation("project", { description: "The project in whose log it is." }),
    sequence: t.exposeInt("sequence", { description: "Its place in the project's log." }),
    cursor: t.string({
      description: "The same place, to page from and to resume a subscription after.",
      resolve: (event) => encodePosition(event),
    }),
    subject: t.field({
      type: EventSubjectEnum,
      description: "What it is about.",
      resolve: ({ subject }) => subject as EventSubject,
    }),
    type: t.exposeString("type", {
      description:
        "What happened, such as transition, gate_decision, milestone, risk_change, park or unpark.",
    }),
    actor: t.field({
      type: ActorEnum,
      description: "Who made it happen.",
      select: { actor: true },
      resolve: ({ actor }) => actor as Actor,
    }),
    reason: t.exposeString("reason", {
      complexity: SHORT_TEXT,
      nullable: true,
      description: "Why, in words.",
    }),
    detail: t.field({
      complexity: JSON_OBJECT,
      type: "JSON",
      description:
        "What else there is to know. What names a thing is its id, such as user_…; the log holds UUIDs, which the hash covers.",
      select: { type: true, detail: true },
      resolve: (event) => detailOf(event),
    }),
    correlationId: t.exposeString("correlationId", {
      description: "Shared by all events that one command appended.",
    }),
    hash: t.exposeString("hash", {
      description: "SHA-256 over the previous event's hash and this event's canonical JSON, in hex.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it happened." }),
  }),
});

builder.prismaObject("Event", {
  variant: "StageEvent",
  description: "Something happened to the project or its stage.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    fromStage: t.field({
      type: StageEnum,
      nullable: true,
      description: "The stage before, when the event is a transition or a refused one.",
      select: { fromState: true },
      resolve: ({ fromState }) => stageNamed(fromState),
    }),
    toStage: t.field({
      type: StageEnum,
      nullable: true,
      description: "The stage after, or the one that was refused.",
      select: { toState: true },
      resolve: ({ toState }) => stageNamed(toState),
    }),
  }),
});

builder.prismaObject("Event", {
  variant: "GateEvent",
  description: "A gate was opened, decided, refused or expired.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    gate: t.field({
      type: GateType,
      nullable: true,
      description: "The gate, as it is now.",
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { loaders }) => loaders.gates.load(subjectId),
    }),
  }),
});

builder.prismaObject("Event", {
  variant: "MilestoneEvent",
  description: "Milestones of a stage were completed, reopened, set, removed or reset.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    stageConfig: t.field({
      type: StageConfigType,
      nullable: true,
      description: "The stage whose milestones they are, as it is now.",
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { loaders }) => loaders.stageConfigs.load(subjectId),
    }),
    keys: t.stringList({
      description: "The keys of the milestones.",
      select: { detail: true },
      resolve: ({ detail }) => milestoneKeys(detail),
    }),
  }),
});

builder.prismaObject("Event", {
  variant: "RiskEvent",
  description: "A risk was raised or dismissed.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    risk: t.field({
      type: RiskType,
      nullable: true,
      description: "The raised risk, as it is now; null when the event is about a system risk.",
      select: { subjectId: true },
      resolve: async ({ projectId, subjectId }, _args, { loaders }) => {
        const journey = await loaders.journeys.load(projectId);
        const risks = Object.values(journey?.setups ?? {}).flatMap((setup) => setup.risks);
        return risks.find(({ id }) => id === subjectId) ?? null;
      },
    }),
  }),
});

builder.prismaObject("Event", {
  variant: "ArtifactEvent",
  description:
    "A document was written, edited, annotated or reverted, or the writing of documents began or ended.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    artifact: t.field({
      type: ArtifactType,
      nullable: true,
      description: "The document, as it is now; null when the event is about the writing of several.",
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { loaders }) => loaders.artifacts.load(subjectId),
    }),
    artifactType: t.field({
      type: ArtifactTypeEnum,
      nullable: true,
      description: "Which document; null when the event is about several, or about a refused command.",
      select: { detail: true },
      resolve: ({ detail }) => (detail as { type?: Kind }).type ?? null,
    }),
    version: t.int({
      nullable: true,
      description: "The document's versionNumber that came of it; null when none did.",
      select: { detail: true },
      resolve: ({ detail }) => (detail as { version?: number }).version ?? null,
    }),
  }),
});

builder.prismaObject("Event", {
  variant: "DiscussionEvent",
  description: "Something happened in a discussion between models.",
  interfaces: [builder.nodeInterfaceRef(), EventInterface],
  select: { id: true, projectId: true, sequence: true, subject: true },
  fields: (t) => ({
    discussion: t.field({
      type: DiscussionType,
      nullable: true,
      description: "The discussion, as it is now.",
      select: { subjectId: true },
      resolve: ({ subjectId }, _args, { loaders }) => loaders.discussions.load(subjectId),
    }),
    round: t.field({
      type: RoundType,
      nullable: true,
      description: "The round, as it is now; null when the event is not about one.",
      select: { detail: true },
      resolve: ({ detail }, _args, { loaders }) => {
        const { round } = detail as { round?: string };
        return round === undefined ? null : loaders.rounds.load(round);
      },
    }),
    message: t.field({
      type: MessageType,
      nullable: true,
      description: "The message, as it is now; null when the event is not about one.",
      select: { detail: true },
      resolve: ({ detail }, _args, { loaders }) => {
        const { message } = detail as { message?: string };
        return message === undefined ? null : loaders.messages.load(message);
      },
    }),
  }),
});

export const eventPages = pagesOf("Event", EventInterface);

/** The type of the events about each subject. */
export const EVENT_TYPES = {
  STAGE: "StageEvent",
  GATE: "GateEvent",
  MILESTONE: "MilestoneEvent",
  RISK: "RiskEvent",
  ARTIFACT: "ArtifactEvent",
  DISCUSSION: "DiscussionEvent",
  RUN: "RunEvent",
  ESCALATION: "EscalationEvent",
} as const;

function stageNamed(name: string | null): StageNumber | null {
  return STAGES.find((stage) => stage.name === name)?.number ?? null;
}

function milestoneKeys(detail: unknown): string[] {
  const { key, keys, input } = detail as { key?: string; keys?: string[]; input?: { key?: string } };
  const one = key ?? input?.key;
  return keys ?? (one === undefined ? [] : [one]);
}
