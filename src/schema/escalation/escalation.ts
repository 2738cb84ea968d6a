import type { EscalationOption } from "../../domain/escalation/option.ts";
import type {
  EscalationOrigin,
  EscalationStatus,
  ExpiryPolicy,
  Resolution,
  StoppedState,
} from "../../domain/escalation/state.ts";
import { builder, pageComplexity } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { isPosition, isPositionIn } from "../event/cursor.ts";
import { encodeId } from "../ids.ts";
import { relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { ATTEMPTS, LONG_TEXT, SHORT_TEXT } from "../weights.ts";
import {
  EscalationOriginEnum,
  EscalationResolutionEnum,
  EscalationStatusEnum,
  ExpiryPolicyEnum,
  StoppedStateEnum,
} from "./enums.ts";

const OptionType = builder.objectRef<EscalationOption>("EscalationOption").implement({
  description: "An answer that can be chosen.",
  fields: (t) => ({
    value: t.exposeString("value", { description: "What resolveEscalation is given as the decision." }),
    label: t.exposeString("label", { description: "In a few words, for a button." }),
    description: t.exposeString("description", {
      complexity: SHORT_TEXT,
      description: "What choosing it does; may be empty.",
    }),
  }),
});

const StoppedWorkstreamType = builder.prismaObject("EscalationWorkstream", {
  name: "StoppedWorkstream",
  description: "A workstream that an escalation has stopped.",
  fields: (t) => ({
    workstream: t.relation("workstream", { description: "The workstream, as it is now." }),
    position: t.exposeInt("position", {
      description: "Its place in the order in which they try after the answer; 0 is the one that asked.",
    }),
    step: t.exposeString("stepName", {
      nullable: true,
      description: "The step in which it failed; null when it asked without a failure.",
    }),
    state: t.field({
      type: StoppedStateEnum,
      description: "How it stands.",
      resolve: ({ state }) => state as StoppedState,
    }),
    joinedAt: t.expose("joinedAt", { type: "DateTime", description: "When the escalation stopped it." }),
  }),
});

const stoppedPages = pagesOf("StoppedWorkstream", StoppedWorkstreamType);

export const EscalationType = builder.prismaObject("AgentEscalation", {
  name: "Escalation",
  description:
    "A question of a stuck agent to a person, in plain words. It is answered once; the answer moves the work in the same transaction.",
  interfaces: [builder.nodeInterfaceRef()],
  fields: (t) => ({
    id: t.id({ description: "A TypeID: escalation_…", resolve: ({ id }) => encodeId("escalation", id) }),
    project: t.relation("project", { description: "The project in which it is asked." }),
    run: t.relation("run", { description: "The run in which it is asked." }),
    workstream: t.relation("workstream", { description: "The workstream that asked, as it is now." }),
    stopped: t.relatedConnection(
      "stopped",
      {
        cursor: "escalationId_position",
        complexity: pageComplexity,
        totalCount: true,
        description:
          "The workstreams that it has stopped: the one that asked, and those that met the same failure, in the order in which they try after the answer.",
        extensions: relatedList(
          "agentEscalation",
          "stopped",
          { column: "position", direction: "asc" },
          { isOwnCursor: isPositionIn },
        ),
        query: (args) => {
          checkPage(args, isPosition);
          return { orderBy: { position: "asc" } };
        },
      },
      ...stoppedPages,
    ),
    sessionId: t.exposeString("sessionId", {
      description:
        "The session of the agent that asked: as it was named when it claimed, or the workstream's UUID and attempt.",
    }),
    origin: t.field({
      type: EscalationOriginEnum,
      description: "Why it is asked.",
      resolve: ({ origin }) => origin as EscalationOrigin,
    }),
    step: t.exposeString("stepName", {
      nullable: true,
      description: "The step that kept failing; null when an agent asked without a failure.",
    }),
    errorType: t.exposeString("errorType", {
      description: "The agent's code of the failure, or of the kind of question.",
    }),
    errorSignature: t.exposeString("errorSignature", {
      description:
        "What the failure is recognised by: project, error type and the hash of the normalised message, joined by colons. One escalation with it is pending per run.",
    }),
    plainEnglishProblem: t.exposeString("plainEnglishProblem", {
      complexity: LONG_TEXT,
      description: "What is wrong, for somebody who does not read stack traces.",
    }),
    attemptsSummary: t.stringList({
      complexity: ATTEMPTS,
      description: "What was tried, in order.",
      resolve: ({ attemptsSummary }) => attemptsSummary as string[],
    }),
    recommendedAction: t.exposeString("recommendedAction", {
      complexity: SHORT_TEXT,
      description: "What to do about it, as a proposal.",
    }),
    options: t.field({
      type: [OptionType],
      description: "The answers that can be chosen.",
      resolve: ({ options }) => options as unknown as EscalationOption[],
    }),
    status: t.field({
      type: EscalationStatusEnum,
      description: "Where it stands.",
      resolve: ({ status }) => status as EscalationStatus,
    }),
    founderDecision: t.exposeString("founderDecision", {
      nullable: true,
      description: "The value of the option that was chosen; null unless it is RESOLVED.",
    }),
    founderGuidance: t.exposeString("founderGuidance", {
      complexity: LONG_TEXT,
      nullable: true,
      description: "What the person wrote for the agent; null when nothing was written.",
    }),
    resolution: t.field({
      type: EscalationResolutionEnum,
      nullable: true,
      description: "What closed it; null while it is pending.",
      resolve: ({ resolution }) => resolution as Resolution | null,
    }),
    resolvedAt: t.expose("resolvedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was closed; null while it is pending.",
    }),
    dueAt: t.expose("dueAt", {
      type: "DateTime",
      nullable: true,
      description: "Until when it should be answered; null when it may wait for ever.",
    }),
    onExpiry: t.field({
      type: ExpiryPolicyEnum,
      description: "What happens when it is not answered by then. It is looked at once a minute.",
      resolve: ({ onExpiry }) => onExpiry as ExpiryPolicy,
    }),
    defaultOption: t.exposeString("defaultOption", {
      nullable: true,
      description: "The option that DEFAULT_OPTION chooses; null with any other policy.",
    }),
    expiredAt: t.expose("expiredAt", {
      type: "DateTime",
      nullable: true,
      description: "When its deadline was found to have passed; null unless it has.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was asked." }),
  }),
});

export const escalationPages = pagesOf("Escalation", EscalationType);
