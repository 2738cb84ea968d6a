import type { Agreement, Dissent, Position } from "../../domain/discussion/consensus.ts";
import type { Score } from "../../domain/discussion/ranking.ts";
import type { DiscussionSettings } from "../../domain/discussion/settings.ts";
import type { Message } from "../../generated/prisma/client.ts";
import { builder } from "../builder.ts";
import type { GraphQLContext } from "../context.ts";
import { CITED_MESSAGES } from "../weights.ts";
import { MessageType } from "./message.ts";

const CITES = "The messages that it rests on, at least one.";

export const AgreementType = builder.objectRef<Agreement>("Agreement").implement({
  description: "Something that the models agree on.",
  fields: (t) => ({
    statement: t.exposeString("statement", { description: "What they agree on." }),
    cites: t.field({
      complexity: { field: 1, multiplier: CITED_MESSAGES },
      type: [MessageType],
      description: CITES,
      resolve: ({ messages }, _args, context) => cited(messages, context),
    }),
  }),
});

export const PositionType = builder.objectRef<Position & { readonly model: string }>("Position").implement({
  description: "What one model holds.",
  fields: (t) => ({
    model: t.exposeString("model", { description: "The model's name." }),
    position: t.exposeString("position", { description: "What it holds." }),
    cites: t.field({
      complexity: { field: 1, multiplier: CITED_MESSAGES },
      type: [MessageType],
      description: `${CITES} One of them is the model's own.`,
      resolve: ({ messages }, _args, context) => cited(messages, context),
    }),
  }),
});

/** A disagreement with its positions as a list. */
export interface ListedDisagreement {
  readonly topic: string;
  readonly positions: readonly (Position & { readonly model: string })[];
}

export const DisagreementType = builder.objectRef<ListedDisagreement>("Disagreement").implement({
  description: "Something that the models differ about.",
  fields: (t) => ({
    topic: t.exposeString("topic", { description: "What it is about." }),
    positions: t.field({
      type: [PositionType],
      description: "Who holds what: at least two models, each once.",
      resolve: ({ positions }) => [...positions],
    }),
  }),
});

export const DissentType = builder.objectRef<Dissent>("Dissent").implement({
  description: "A model that stands apart from what the others agree on.",
  fields: (t) => ({
    model: t.exposeString("model", { description: "The model's name." }),
    statement: t.exposeString("statement", { description: "What it holds against them." }),
    cites: t.field({
      complexity: { field: 1, multiplier: CITED_MESSAGES },
      type: [MessageType],
      description: `${CITES} One of them is the model's own.`,
      resolve: ({ messages }, _args, context) => cited(messages, context),
    }),
  }),
});

export const RoundScoreType = builder.objectRef<Score>("RoundScore").implement({
  description: "What the others think of a model's answer in a round.",
  fields: (t) => ({
    model: t.exposeString("model", { description: "The model's name." }),
    score: t.exposeFloat("score", {
      description:
        "Borda's count as a share of what it could be: 1 when all put it first, 0 when all put it last.",
    }),
    rankings: t.exposeInt("rankings", { description: "How many models ranked it." }),
  }),
});

export const DiscussionSettingsType = builder.objectRef<DiscussionSettings>("DiscussionSettings").implement({
  description: "How a project's discussions are held unless told otherwise.",
  fields: (t) => ({
    defaultRounds: t.exposeInt("defaultRounds", {
      description: "How many rounds a DISCUSS has, 1 to 10; 3 until it is set.",
    }),
    consensusThreshold: t.exposeFloat("consensusThreshold", {
      description: "The consensus score that ends a DISCUSS early, 0 to 1; 0.8 until it is set.",
    }),
    systemPromptOverride: t.exposeString("systemPromptOverride", {
      nullable: true,
      description: "What models are told in the place of the usual instructions; null for those.",
    }),
  }),
});

/** Messages by their ids, in one statement for all that an operation cites. */
async function cited(ids: readonly string[], { loaders }: GraphQLContext): Promise<Message[]> {
  const found = await Promise.all(ids.map((id) => loaders.messages.load(id)));
  return found.flatMap((message) => message ?? []);
}
