import type { Actor } from "../../domain/event/event.ts";
import type { Blocker } from "../../domain/guard.ts";
import { resolveGate } from "../../domain/stage/gate.ts";
import type { GateStatus } from "../../domain/stage/journey.ts";
import { toStageNumber } from "../../domain/stage/stage.ts";
import { DECISIONS, type Decision } from "../../domain/stage/transition.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { ActorEnum } from "../event/enums.ts";
import { BlockerType } from "../guard.ts";
import { encodeId } from "../ids.ts";
import { JSON_OBJECT, SHORT_TEXT } from "../weights.ts";
import { DecisionEnum, GateStatusEnum, StageEnum } from "./enums.ts";

interface DecisionOption {
  readonly decision: Decision;
  readonly blockers: readonly Blocker[];
}

const DecisionOptionType = builder.objectRef<DecisionOption>("GateDecisionOption").implement({
  description:
    "What deciding a gate in one way would come to now. The mutation refuses with the first blocker.",
  fields: (t) => ({
    decision: t.field({
      type: DecisionEnum,
      description: "The decision.",
      resolve: ({ decision }) => decision,
    }),
    allowed: t.boolean({
      description: "Whether it can be made: there is no blocker.",
      resolve: ({ blockers }) => blockers.length === 0,
    }),
    blockers: t.field({
      type: [BlockerType],
      description: "The rules that stand in the way, in the order in which they are applied.",
      resolve: ({ blockers }) => [...blockers],
    }),
  }),
});

export const GateType = builder.prismaObject("DecisionGate", {
  description: "A decision that a stage waits for. Only a PENDING gate can be decided, once.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: gate_…", resolve: ({ id }) => encodeId("gate", id) }),
    project: t.relation("project", { description: "The project that it belongs to." }),
    stage: t.field({
      type: StageEnum,
      description: "The stage that the project was in when it was opened.",
      select: { stageNumber: true },
      resolve: ({ stageNumber }) => toStageNumber(stageNumber),
    }),
    gateType: t.exposeString("gateType", { description: 'What it is about, such as "stage_advance".' }),
    status: t.field({
      type: GateStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as GateStatus,
    }),
    decision: t.field({
      type: DecisionEnum,
      nullable: true,
      description: "How it was decided; null unless it is DECIDED.",
      select: { decision: true },
      resolve: ({ decision }) => decision as Decision | null,
    }),
    decidedBy: t.field({
      type: ActorEnum,
      nullable: true,
      description: "Who decided it.",
      select: { decidedBy: true },
      resolve: ({ decidedBy }) => decidedBy as Actor | null,
    }),
    decidedAt: t.expose("decidedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was decided.",
    }),
    reason: t.exposeString("reason", {
      complexity: SHORT_TEXT,
      nullable: true,
      description: "Why, in the decider's words.",
    }),
    discussion: t.relation("discussion", {
      nullable: true,
      description: "The discussion that the decision cites; null when it cites none.",
    }),
    supersededAt: t.expose("supersededAt", {
      type: "DateTime",
      nullable: true,
      description: "When a later decision made this one void: it no longer lets the project go forward.",
    }),
    context: t.expose("context", {
      complexity: JSON_OBJECT,
      type: "JSON",
      description: "What the opener added.",
    }),
    options: t.field({
      type: [DecisionOptionType],
      description: "What each decision would come to now; empty once the gate is no longer pending.",
      select: { projectId: true },
      resolve: async ({ id, projectId }, _args, { loaders }) => {
        const journey = await loaders.journeys.load(projectId);
        const gate = journey?.pendingGates.find((pending) => pending.id === id);
        if (!journey || !gate) return [];
        return DECISIONS.map((decision) => {
          const resolution = resolveGate(journey, gate, decision);
          return { decision, blockers: resolution.allowed ? [] : resolution.blockers };
        });
      },
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was opened." }),
  }),
});

export const gatePages = pagesOf("DecisionGate", GateType);
