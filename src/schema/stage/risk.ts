import type { Focus } from "../../domain/stage/focus.ts";
import type { Risk } from "../../domain/stage/risk.ts";
import type { SystemRisk } from "../../domain/stage/system-risk.ts";
import { builder } from "../builder.ts";
import { encodeId, type IdPrefix } from "../ids.ts";
import { FocusKindEnum, StageEnum, SystemRiskKindEnum } from "./enums.ts";

export const RiskType = builder.objectRef<Risk>("Risk").implement({
  description: "A risk that somebody raised on a stage.",
  fields: (t) => ({
    id: t.id({ description: "For dismissing it.", resolve: ({ id }) => encodeId("risk", id) }),
    type: t.exposeString("type", { description: 'A short key, such as "technical" or "market".' }),
    message: t.exposeString("message", { description: "What could go wrong." }),
    blocking: t.exposeBoolean("blocking", {
      description: "Whether it keeps its stage from being left forward until it is dismissed.",
    }),
    dismissed: t.exposeBoolean("dismissed", { description: "Whether it was dismissed." }),
    raisedAt: t.field({
      type: "DateTime",
      description: "When it was raised.",
      resolve: ({ raisedAt }) => new Date(raisedAt),
    }),
    dismissedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was dismissed; null while it is open.",
      resolve: ({ dismissedAt }) => (dismissedAt === null ? null : new Date(dismissedAt)),
    }),
  }),
});

/** A system risk, and whether a dismissal covers it. */
export type JudgedSystemRisk = SystemRisk & { readonly dismissed: boolean };

export const SystemRiskType = builder.objectRef<JudgedSystemRisk>("SystemRisk").implement({
  description:
    "A risk that follows from how the project is going, computed whenever it is read. A parked or archived project rests and has none.",
  fields: (t) => ({
    kind: t.field({ type: SystemRiskKindEnum, description: "Which risk.", resolve: ({ kind }) => kind }),
    level: t.exposeInt("level", {
      description: "How bad it is: 1 when it first shows, more as it gets worse.",
    }),
    message: t.exposeString("message", { description: "What is the matter, in words for people." }),
    since: t.field({ type: "DateTime", description: "Since when.", resolve: ({ since }) => since }),
    dismissed: t.exposeBoolean("dismissed", {
      description: "Whether it was dismissed; it shows again when it gets worse or comes anew.",
    }),
  }),
});

export const FocusType = builder.objectRef<Focus>("SuggestedFocus").implement({
  description:
    "The one thing to look at next: the oldest pending gate, else the oldest question of an agent, else a document that could not be written, else the first open risk, else the next milestone; else the gate that is to be opened or the stage to move on to, and for a parked project to unpark it.",
  fields: (t) => ({
    kind: t.field({
      type: FocusKindEnum,
      description: "What kind of thing it is.",
      resolve: ({ kind }) => kind,
    }),
    stage: t.field({
      type: StageEnum,
      description: "The stage it belongs to.",
      resolve: ({ stage }) => stage,
    }),
    message: t.exposeString("message", { description: "What to do, in words for people." }),
    subject: t.string({
      nullable: true,
      description:
        "The gate's, the escalation's, the document's or the risk's id, or the milestone's key; null for a system risk, and for what is done to the project itself.",
      resolve: ({ kind, subject }) => focusSubject(kind, subject),
    }),
  }),
});

const FOCUS_IDS: Partial<Record<Focus["kind"], IdPrefix>> = {
  PENDING_GATE: "gate",
  PENDING_ESCALATION: "escalation",
  FAILED_ARTIFACT: "artifact",
  RISK: "risk",
};

function focusSubject(kind: Focus["kind"], subject: string | null): string | null {
  const prefix = FOCUS_IDS[kind];
  return subject !== null && prefix ? encodeId(prefix, subject) : subject;
}
