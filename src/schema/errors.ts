import type { EditedSection } from "../domain/artifact/generation.ts";
import {
  ConflictError,
  type EarlierDecision,
  EditsWouldBeLostError,
  GuardRejectedError,
  IdempotencyMismatchError,
  LockedTierError,
  NotFoundError,
  QuotaExceededError,
  ValidationError,
  type ValidationIssue,
} from "../domain/errors.ts";
import { PlanEnum } from "./account/plan-tier.ts";
import { UserType } from "./account/user.ts";
import { ArtifactTypeEnum } from "./artifact/enums.ts";
import { builder } from "./builder.ts";
import { GuardRuleEnum } from "./guard.ts";
import { encodeId } from "./ids.ts";

const ErrorInterface = builder.interfaceRef<Error>("Error").implement({
  description: "A failure that a client can act on. It is data: a member of a mutation's result.",
  fields: (t) => ({
    message: t.exposeString("message", { description: "What is wrong, in words for people." }),
  }),
});

const ValidationIssueType = builder.objectRef<ValidationIssue>("ValidationIssue").implement({
  description: "One thing that is wrong with an input.",
  fields: (t) => ({
    path: t.exposeString("path", {
      description: "Where in the input: field names and list positions, joined by dots; empty for the whole.",
    }),
    message: t.exposeString("message", { description: "What is wrong there." }),
  }),
});

builder.objectType(NotFoundError, {
  name: "NotFoundError",
  description: "There is no such thing, or it is someone else's: the two look the same.",
  interfaces: [ErrorInterface],
});

builder.objectType(ValidationError, {
  name: "ValidationError",
  description: "The input is wrong, whatever the state of things. Nothing was written.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [ValidationIssueType],
      description: "Everything that is wrong with it.",
      resolve: (error) => [...error.issues],
    }),
  }),
});

builder.objectType(GuardRejectedError, {
  name: "GuardRejectedError",
  description:
    "A rule stands in the way. Nothing changed, but that a refusal by a project is on record in its log.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    rule: t.field({
      type: GuardRuleEnum,
      description: "The first rule that failed.",
      resolve: ({ rejection }) => rejection.rule,
    }),
    from: t.string({
      nullable: true,
      description: "The state that things are in.",
      resolve: ({ rejection }) => rejection.from,
    }),
    to: t.string({
      nullable: true,
      description: "The state that was asked for; null when the command asked for none.",
      resolve: ({ rejection }) => rejection.to,
    }),
    allowed: t.stringList({
      description:
        "What could be asked for instead, now: stages or states, or decisions when a gate was decided.",
      resolve: ({ rejection }) => [...rejection.allowed],
    }),
  }),
});

const EarlierDecisionType = builder.objectRef<EarlierDecision>("EarlierDecision").implement({
  description: "What somebody else decided first.",
  fields: (t) => ({
    decision: t.exposeString("decision", {
      nullable: true,
      description: "What was chosen; null when it was put aside.",
    }),
    by: t.prismaField({
      type: UserType,
      nullable: true,
      description: "Who decided; null for the system.",
      // Spread in any case: Pothos takes a query that was not read for a forgotten one.
      resolve: ({ ...query }, { userId }, _args, { prisma }) =>
        userId === null ? null : prisma.user.findUnique({ ...query, where: { id: userId } }),
    }),
    at: t.field({ type: "DateTime", description: "When.", resolve: ({ at }) => new Date(at) }),
  }),
});

builder.objectType(ConflictError, {
  name: "ConflictError",
  description: "Somebody was faster, or the client acts on what it read too long ago. Read it again.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    currentState: t.exposeString("currentState", { description: "What it is now." }),
    currentVersion: t.exposeInt("currentVersion", {
      nullable: true,
      description: "Its version now, where it has one.",
    }),
    decided: t.field({
      type: EarlierDecisionType,
      nullable: true,
      description: "What was decided, where it is something that is decided once, such as an escalation.",
      resolve: ({ decided }) => decided,
    }),
    attemptId: t.id({
      nullable: true,
      description:
        "The step attempt in progress, where that stands in the way: complete it, or go on with it.",
      resolve: ({ attemptId }) => attemptId && encodeId("attempt", attemptId),
    }),
  }),
});

builder.objectType(QuotaExceededError, {
  name: "QuotaExceededError",
  description: "The owner's plan does not allow more.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    limit: t.exposeInt("limit", { description: "What the plan allows." }),
    used: t.exposeInt("used", { description: "What is used." }),
  }),
});

const EditedSectionType = builder.objectRef<EditedSection>("EditedSection").implement({
  description: "A section of a document that people have edited.",
  fields: (t) => ({
    type: t.expose("type", { type: ArtifactTypeEnum, description: "Of which document." }),
    section: t.exposeString("section", { description: "The section's key." }),
  }),
});

builder.objectType(EditsWouldBeLostError, {
  name: "EditsWouldBeLostError",
  description:
    "Documents that people have edited would be written anew. With `force` the edited version is kept as the previous one.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    sections: t.field({
      type: [EditedSectionType],
      description: "The sections whose edits would be lost.",
      resolve: ({ sections }) => [...sections],
    }),
  }),
});

builder.objectType(LockedTierError, {
  name: "LockedTierError",
  description: "The plan of the project's owner does not open that section.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    section: t.exposeString("section", { description: "The section's key." }),
    requiredTier: t.expose("requiredTier", {
      type: PlanEnum,
      description: "The smallest plan that opens it.",
    }),
  }),
});

builder.objectType(IdempotencyMismatchError, {
  name: "IdempotencyMismatchError",
  description:
    "The idempotencyKey was used within 24 hours with another command, another input or another API key.",
  interfaces: [ErrorInterface],
});
