import { storedAgreements, storedDisagreements, storedDissent } from "../../domain/discussion/consensus.ts";
import type { Score } from "../../domain/discussion/ranking.ts";
import type {
  Activity,
  DiscussionStatus,
  DiscussionType as Kind,
  RoundType as RoundKind,
  RoundStatus,
} from "../../domain/discussion/states.ts";
import { modelsOf } from "../../services/discussion/discussion.ts";
import { discussionAsMarkdown, EXPORTED_DISCUSSION } from "../../services/discussion/markdown.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { LONG_TEXT, WHOLE_DISCUSSION } from "../weights.ts";
import {
  DiscussionActivityEnum,
  DiscussionStatusEnum,
  DiscussionTypeEnum,
  RoundStatusEnum,
  RoundTypeEnum,
} from "./enums.ts";
import { failureOf, ModelFailureType } from "./failure.ts";
import { AgreementType, DisagreementType, DissentType, RoundScoreType } from "./parts.ts";

export const RoundType = builder.prismaObject("Round", {
  description: "Once around: every model of the discussion speaks once.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: round_…", resolve: ({ id }) => encodeId("round", id) }),
    discussion: t.relation("discussion", { description: "The discussion that it belongs to." }),
    roundNumber: t.exposeInt("roundNumber", { description: "1, 2, 3 … per discussion, up to 10." }),
    type: t.field({
      type: RoundTypeEnum,
      description: "Who hears whom.",
      select: { type: true },
      resolve: ({ type }) => type as RoundKind,
    }),
    status: t.field({
      type: RoundStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as RoundStatus,
    }),
    isPlanned: t.exposeBoolean("isPlanned", {
      description:
        "Whether it is one of those that the discussion was started with; false when it was added.",
    }),
    messages: t.relation("messages", {
      description: "What is said in it, in the order in which they speak; what is still to be said, too.",
      query: { orderBy: { position: "asc" } },
    }),
    scores: t.field({
      type: [RoundScoreType],
      description:
        "The models by what the others think of their answers, best first; empty unless they ranked each other.",
      select: { scores: true },
      resolve: ({ scores }) => scores as unknown as Score[],
    }),
    failure: t.exposeString("failureMessage", {
      nullable: true,
      description: "Why it failed; null unless it did.",
    }),
    startedAt: t.expose("startedAt", { type: "DateTime", description: "When it began." }),
    endedAt: t.expose("endedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it ended; null while it is being held.",
    }),
  }),
});

export const ConsensusType = builder.prismaObject("Consensus", {
  description:
    "What the models of a discussion agree on and where they differ. Every point cites the messages that it rests on, and every model that spoke appears.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: consensus_…", resolve: ({ id }) => encodeId("consensus", id) }),
    discussion: t.relation("discussion", { description: "The discussion that it sums up." }),
    agreements: t.field({
      type: [AgreementType],
      description: "What they agree on.",
      select: { agreements: true },
      resolve: ({ agreements }) => storedAgreements.parse(agreements),
    }),
    disagreements: t.field({
      type: [DisagreementType],
      description: "What they differ about.",
      select: { disagreements: true },
      resolve: ({ disagreements }) =>
        storedDisagreements.parse(disagreements).map(({ topic, positions }) => ({
          topic,
          positions: Object.entries(positions).map(([model, position]) => ({ model, ...position })),
        })),
    }),
    dissent: t.field({
      type: [DissentType],
      description: "Who stands apart from the agreements.",
      select: { dissent: true },
      resolve: ({ dissent }) => storedDissent.parse(dissent),
    }),
    score: t.exposeFloat("score", {
      description: "How far they agree: from 0, on nothing, to 1, on everything that matters.",
    }),
    roundNumber: t.exposeInt("roundNumber", {
      description: "It is made from all rounds up to this one; what was said later is not in it.",
    }),
    generatedBy: t.exposeString("generatedBy", { description: "The model that wrote it." }),
    generatedAt: t.expose("generatedAt", { type: "DateTime", description: "When it was written." }),
  }),
});

export const DiscussionType = builder.prismaObject("Discussion", {
  description: "A question that several models discuss, on the record.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: discussion_…", resolve: ({ id }) => encodeId("discussion", id) }),
    project: t.relation("project", { description: "The project that it is about." }),
    question: t.exposeString("question", {
      complexity: LONG_TEXT,
      description: "What is discussed, 1 to 10,000 characters.",
    }),
    type: t.field({
      type: DiscussionTypeEnum,
      description: "How it is discussed.",
      select: { type: true },
      resolve: ({ type }) => type as Kind,
    }),
    status: t.field({
      type: DiscussionStatusEnum,
      description: "Whether it accepts commands.",
      select: { status: true },
      resolve: ({ status }) => status as DiscussionStatus,
    }),
    activity: t.field({
      type: DiscussionActivityEnum,
      description: "What it does now.",
      select: { activity: true },
      resolve: ({ activity }) => activity as Activity,
    }),
    models: t.stringList({
      description: "The names of the models that take part, in the order in which they first speak.",
      select: { models: true },
      resolve: modelsOf,
    }),
    plannedRounds: t.exposeInt("plannedRounds", { description: "How many rounds it was started with." }),
    endedEarly: t.exposeBoolean("endedEarly", {
      description: "Whether the models agreed before all planned rounds were held.",
    }),
    peerRanking: t.exposeBoolean("peerRanking", {
      description: "Whether the models rank each other's answers after a parallel round.",
    }),
    consensusThreshold: t.exposeFloat("consensusThreshold", {
      description: "The consensus score that ends it early: the project's setting when it was started.",
    }),
    rounds: t.relation("rounds", {
      description: "Its rounds, in their order.",
      query: { orderBy: { roundNumber: "asc" } },
    }),
    consensus: t.relation("consensus", {
      nullable: true,
      description: "What the models agree on, as it was last summarised; null until it is.",
    }),
    consensusFailure: t.field({
      type: ModelFailureType,
      nullable: true,
      description:
        "Why the latest summary came to nothing; null unless it did. `consensus` is then of an earlier one.",
      select: { consensusFailure: true, consensusFailureDetail: true },
      resolve: ({ consensusFailure, consensusFailureDetail }) =>
        failureOf(consensusFailure, consensusFailureDetail),
    }),
    failure: t.exposeString("failureMessage", {
      nullable: true,
      description: "Why the newest round failed; null unless it did. Another one can be added.",
    }),
    citedBy: t.relation("citedBy", {
      description: "The gates whose decisions cite it, oldest first.",
      query: { orderBy: { id: "asc" } },
    }),
    markdown: t.string({
      complexity: WHOLE_DISCUSSION,
      description: "All of it as Markdown: the question, the consensus, every message and who said it.",
      select: EXPORTED_DISCUSSION,
      resolve: discussionAsMarkdown,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was started." }),
    updatedAt: t.expose("updatedAt", {
      type: "DateTime",
      description: "When it last changed, or was last taken up again because nobody went on with it.",
    }),
    completedAt: t.expose("completedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was completed; null until then.",
    }),
  }),
});

export const discussionPages = pagesOf("Discussion", DiscussionType);
